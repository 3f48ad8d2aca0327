"""The owner's pages, logo and examples, as their files in the home say."""
