"""The embedded engine: Whoosh 2.7.4 with another codec below it and kernels beside it.

Read it in this order; on the right is what stands there in Whoosh's documentation.

    schema      fields whose terms come analysed             fields.Schema, FieldType, Format
    buffer      documents while they are added               (the pool of a SegmentWriter)
    build       a buffer becomes the arrays of a segment     (codec.PerDocumentWriter)
    postings    occurrences, sorted and counted              (codec.FieldWriter, all terms at once)
    arrays      one checked, mapped file of arrays           filedb.FileStorage
    terms       the sorted dictionary of a segment           (what a codec.TermsReader looks up)
    segment     a segment, opened                            codec.base.Segment
    writer      add, delete, commit; segments of others      writing.IndexWriter, as a contract
    drafts      analysed documents, kept between processes   (the pool of a SegmentWriter)
    merging     which segments are merged, and how           (mergetype of IndexWriter.commit)
    codec       a segment as stock readers take it           codec.base.Codec, TermsReader,
                                                             PerDocumentReader, FieldCursor
    matching    a term as stock queries walk it              matching.LeafMatcher
    index       the whole index                              index.Index, reading.MultiReader
    scoring     BM25                                         scoring.BM25F
    kernels     terms and lists, all documents at once       (matching.LeafMatcher, ListMatcher)
    compound    nodes with children                          (matching.UnionMatcher and others)
    ranking     the best documents without scoring all       (collectors.TopCollector)
    plan        the query tree becomes kernels               query.Query.matcher
    stock       nodes without a kernel, on stock matchers    query.Wildcard, query.FuzzyTerm
    engine      the contract of `indexer.engine.api`             searching.Searcher

Two things are ours alone. Writing: `indexer.engine.api.Writer` takes documents that are analysed
already, where Whoosh's `IndexWriter` would take the text of each field and split it again, once
for each of four fields. The table of contents: Whoosh's is a pickle, ours (`manifest`) is JSON
with checksums. Reading goes through Whoosh in full: `index.ArrayIndex(...).searcher()` is its own
searcher and answers all of its queries, with the same scores as over an index of its own.
"""
