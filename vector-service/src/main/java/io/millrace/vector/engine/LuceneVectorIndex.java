package io.millrace.vector.engine;

import io.millrace.wire.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;

/** The points of one embedding space in a Lucene index. */
final class LuceneVectorIndex implements VectorIndex {

    private static final String SCHEMA_MARK = "schema";
    private static final long DELETED = Long.MIN_VALUE;

    private final Directory directory;
    private final Schema schema;
    private final int exactUpTo;
    private final int defaultEf;
    private final PointDocuments documents;
    private final FilterQueries filters;
    private final IndexWriter writer;
    private final SearcherManager searchers;

    /** Versions of points that no search sees yet. Only the writing thread touches it. */
    private final Map<String, Long> unrefreshed = new HashMap<>();

    private volatile Map<String, String> marks;

    /** An index holds points of another schema. */
    static final class OtherSchemaException extends IOException {
        OtherSchemaException(String there, String wanted) {
            super("schema is " + there + ", wanted is " + wanted);
        }
    }

    static LuceneVectorIndex open(
            Directory directory, Schema schema, Map<String, String> initialMarks, int exactUpTo, int defaultEf)
            throws IOException {
        boolean fresh = !DirectoryReader.indexExists(directory);
        IndexWriter writer = new IndexWriter(directory, configuration(schema.distance(), exactUpTo));
        try {
            LuceneVectorIndex index = new LuceneVectorIndex(directory, schema, exactUpTo, defaultEf, writer);
            if (fresh) {
                index.commit(initialMarks);
            } else if (!schema.fingerprint().equals(index.marks.get(SCHEMA_MARK))) {
                throw new OtherSchemaException(index.marks.getOrDefault(SCHEMA_MARK, "unknown"), schema.fingerprint());
            }
            return index;
        } catch (IOException | RuntimeException e) {
            IOUtils.closeWhileHandlingException(writer);
            throw e;
        }
    }

    private LuceneVectorIndex(Directory directory, Schema schema, int exactUpTo, int defaultEf, IndexWriter writer)
            throws IOException {
        this.directory = directory;
        this.schema = schema;
        this.exactUpTo = exactUpTo;
        this.defaultEf = defaultEf;
        this.documents = new PointDocuments(schema);
        this.filters = new FilterQueries(schema);
        this.writer = writer;
        this.searchers = new SearcherManager(writer, true, false, new SearcherFactory());
        Map<String, String> committed = new HashMap<>();
        Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
        if (data != null) {
            data.forEach(entry -> committed.put(entry.getKey(), entry.getValue()));
        }
        this.marks = Map.copyOf(committed);
    }

    /** A few segments of similar size, and none with a graph that a comparison of all its points would beat. */
    private static IndexWriterConfig configuration(Distance distance, int exactUpTo) {
        TieredMergePolicy merges = new TieredMergePolicy();
        merges.setSegmentsPerTier(4);
        merges.setFloorSegmentMB(8);
        merges.setDeletesPctAllowed(20);
        merges.setNoCFSRatio(0);
        ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
        scheduler.setMaxMergesAndThreads(3, 1);
        scheduler.disableAutoIOThrottle();
        // Lucene makes a graph of n points when n > threshold * ln(n): the number of points it expects to visit.
        int graphThreshold = Math.max(1, (int) (exactUpTo / Math.log(Math.max(exactUpTo, 3))));
        // Vectors of unequal length crowd out the short ones in a graph of inner products: on clustered data half of
        // which a filter lets through, recall@20 is 0.95 with 16 neighbours of 100 candidates, 0.99 with these.
        int neighbours = distance == Distance.DOT ? 32 : 16;
        int candidates = distance == Distance.DOT ? 200 : 100;
        KnnVectorsFormat vectors = new Lucene99HnswVectorsFormat(neighbours, candidates, 1, null, graphThreshold);
        return new IndexWriterConfig()
                .setCodec(new Lucene104Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return vectors;
                    }
                })
                .setMergePolicy(merges)
                .setMergeScheduler(scheduler)
                .setUseCompoundFile(false)
                .setCommitOnClose(false);
    }

    @Override
    public boolean upsert(Point point) {
        try {
            if (point.version() < newestVersion(point.id())) {
                return false;
            }
            writer.updateDocument(PointDocuments.idTerm(point.id()), documents.toDocument(point));
            unrefreshed.put(point.id(), point.version());
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long newestVersion(String id) throws IOException {
        Long recent = unrefreshed.get(id);
        if (recent != null) {
            return recent;
        }
        return searchableVersion(id).orElse(DELETED);
    }

    private OptionalLong searchableVersion(String id) throws IOException {
        IndexSearcher searcher = searchers.acquire();
        try {
            return PointDocuments.version(searcher.getIndexReader(), id);
        } finally {
            searchers.release(searcher);
        }
    }

    @Override
    public OptionalLong version(String id) {
        try {
            return searchableVersion(id);
        } catch (AlreadyClosedException e) {
            throw new VectorException.Unavailable("the index is being closed; try again", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void delete(String id) {
        try {
            writer.deleteDocuments(PointDocuments.idTerm(id));
            unrefreshed.put(id, DELETED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void refresh() {
        try {
            searchers.maybeRefreshBlocking();
            unrefreshed.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void commit(Map<String, String> newMarks) {
        Map<String, String> data = new HashMap<>(newMarks);
        data.put(SCHEMA_MARK, schema.fingerprint());
        try {
            writer.setLiveCommitData(data.entrySet());
            writer.commit();
            marks = Map.copyOf(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> marks() {
        return marks;
    }

    @Override
    public Hits search(VectorQuery query, Deadline deadline) {
        query.check(schema);
        Query filter = filters.toQuery(query.filter());
        try {
            IndexSearcher shared = searchers.acquire();
            try {
                IndexSearcher searcher = new IndexSearcher(shared.getIndexReader());
                searcher.setTimeout(deadline::passed);
                return search(searcher, query, filter, deadline);
            } finally {
                searchers.release(shared);
            }
        } catch (AlreadyClosedException e) {
            throw new VectorException.Unavailable("the index is being closed; try again", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Hits search(IndexSearcher searcher, VectorQuery query, @Nullable Query filter, Deadline deadline)
            throws IOException {
        IndexReader reader = searcher.getIndexReader();
        int ef = Math.max(query.limit(), query.ef() == 0 ? defaultEf : query.ef());
        if (filter != null || reader.numDocs() > exactUpTo) {
            Matches few = Matches.collect(searcher, filter, exactUpTo, deadline);
            if (!few.complete()) {
                ScoreDoc[] candidates = searcher.search(
                                new KnnFloatVectorQuery(PointDocuments.VECTOR, query.vector(), ef, filter), ef)
                        .scoreDocs;
                deadline.check();
                // More points than exactUpTo match, so a shorter answer has missed some of them.
                if (candidates.length >= query.limit()) {
                    return answer(reader, List.of(candidates), query, Hits.Plan.HNSW);
                }
            } else {
                return answer(reader, few.nearest(query.vector(), query.limit(), deadline), query, Hits.Plan.EXACT);
            }
        }
        Matches all = Matches.collect(searcher, filter, Integer.MAX_VALUE, deadline);
        return answer(reader, all.nearest(query.vector(), query.limit(), deadline), query, Hits.Plan.EXACT);
    }

    private Hits answer(IndexReader reader, List<ScoreDoc> candidates, VectorQuery query, Hits.Plan plan)
            throws IOException {
        return new Hits(documents.hits(reader, candidates, query.limit(), query.withPayload()), plan);
    }

    @Override
    public long points() {
        try {
            IndexSearcher searcher = searchers.acquire();
            try {
                return searcher.getIndexReader().numDocs();
            } finally {
                searchers.release(searcher);
            }
        } catch (AlreadyClosedException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            IOUtils.close(searchers, writer, directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
