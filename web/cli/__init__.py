"""The command line, `tangthu`; only here and in `web.settings` is the environment read."""
