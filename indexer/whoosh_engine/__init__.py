"""The embedded engine: Whoosh 2.7.4 with a codec of our own and scorers beside its matchers.

Four rooms, read in this order; on the right is the same thing in Whoosh's documentation.

    format/      the files of an index
      schema                 fields whose terms come analyzed        fields.Schema, formats.Format
      postings               occurrences, inverted and counted       codec.FieldWriter
      term_dictionary        the sorted terms of a segment           codec.TermsReader
      positions              the token stream: phrases, sections     formats.Positions
      segment                a segment, opened                       codec.base.Segment
      length_norms           BM25's length norms                     scoring.BM25F
      index_manifest         segments, deletions, checksums          index.TOC, which is a pickle
      index_checksums        every byte verified
    writing/     from documents to segments
      document_buffer        documents while they are added          the pool of a SegmentWriter
      segment_builder        a buffer, inverted                      codec.PerDocumentWriter
      index_writer           add, delete, commit                     writing.IndexWriter
      merge_policy           which segments are merged, and how      writing.MERGE_SMALL
      spill_files            buffers kept on disk by a rebuild       the pool of a SegmentWriter
    reading/     from queries to results
      query_planner          the query tree becomes scorers          query.Query.matcher
      phrase_nodes           phrases with alternatives
      scorers                terms and lists, all documents at once  matching.LeafMatcher
      boolean_scorers        nodes with children                     matching.UnionMatcher, …
      top_k                  the best documents, without all scores  collectors.TopCollector
      doc_values             filters, facets, dates                  columns, sorting
      collection_statistics  frequencies over all segments           reading.MultiReader
      segment_search         one request over all segments           searching.Searcher
    whoosh_api/  the index as Whoosh sees it
      codec                  terms and documents of a segment        codec.base.Codec, FieldCursor
      leaf_matcher           the postings of a term                  matching.LeafMatcher
      index                  the index                               index.Index
      stock_queries          wildcard and fuzzy nodes                query.Wildcard, query.FuzzyTerm
      version_check          the release of Whoosh

What of Whoosh answers what: wildcards inside words (`c?ng`, `ph*ng`) and fuzzy words (`từ~`) are
Whoosh's own `query.Wildcard` and `query.FuzzyTerm`: its automata choose the terms from our
dictionaries, its matchers walk our postings. All other nodes (terms, phrases, prefixes, booleans,
sections, filters, facets) are answered by the scorers of `reading/`, with the formula, the idf and
the length bytes of Whoosh's `BM25F`; tests hold them against stock Whoosh over an index of its
own. A researcher may ask any other query of Whoosh's: `whoosh_api.index.open_whoosh_index` opens
an index folder for its stock `searching.Searcher`, which gives the same documents and scores.
Writing uses Whoosh's length bytes alone: documents come analyzed, where its `IndexWriter` would
split the text of each of four fields again.
"""
