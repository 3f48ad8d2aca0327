"""The engine on an OpenSearch cluster: an index on servers, a pointer to it in the generation.

    location            `opensearch://user@host1,host2:9200/name?shards=3&replicas=1&tls=1`
    index_pointer       the file `index.json` of a generation folder: which index, up to where
    cluster_client      requests to any node: retries, deadlines, bounded answers
    node_pool           nodes in turn; one that failed is put aside
    remote_index        an index is created, described by itself, refreshed, deleted
    index_lifecycle     the indexes of an archive: made, told whose they are, named, deleted
    index_merging       one segment a shard, without what only recovery needs
    cluster_index_files an index while it is built by a rebuild, and checked
    mapping             settings, analysis and fields of an index; the script that scores
    field_lengths       Whoosh's lengths of fields in Lucene's byte
    document_records    a document becomes a record; no server needed
    stored_words        the words of a document, which come with a hit for feedback
    bulk_requests       many changes in one request, sent again where the cluster is busy
    opensearch_writer   add, delete, commit
    lowering            the query tree becomes OpenSearch's query language; no server needed
    phrase_lowering     phrases and windows of it
    expanded_nodes      prefixes, patterns, fuzzy words: terms they stand for come first
    coverage_script     scores multiplied by how much of a title is covered
    search_answers      many searches in one request; missing shards are said
    cluster_search      one request of the contract: page, facets, counts, fallbacks
    term_vectors        document frequencies of many terms in one request
    word_dictionary     an index of exact words: forms of folded ones, words of a pattern
    whole_dictionary    all words of a small dictionary, read once; then those that came since
    term_lookups        both together, remembered for some minutes
    typical_terms       words that are typical of some documents, for feedback
    engine              the contract's `Engine`

Terms are sent as `indexer.analysis` makes them, so that every engine agrees what a word is.
"""
