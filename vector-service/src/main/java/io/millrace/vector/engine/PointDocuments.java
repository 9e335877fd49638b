package io.millrace.vector.engine;

import io.millrace.wire.Point;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.NumericUtils;
import org.jspecify.annotations.Nullable;

/**
 * Points as Lucene documents. Every payload key is a field: terms or points to filter by, doc values to answer from. Doc
 * values rather than stored fields, because an answer reads a few values of some hundred scattered documents.
 */
final class PointDocuments {

    static final String VECTOR = "_vector";
    static final String ID = "_id";
    private static final String VERSION = "_version";

    private final Schema schema;
    private final VectorSimilarityFunction similarity;

    PointDocuments(Schema schema) {
        this.schema = schema;
        this.similarity = switch (schema.distance()) {
            case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
            case COSINE -> VectorSimilarityFunction.COSINE;
            case L2 -> VectorSimilarityFunction.EUCLIDEAN;
        };
    }

    static Term idTerm(String id) {
        return new Term(ID, id);
    }

    Document toDocument(Point point) {
        Document document = new Document();
        document.add(new StringField(ID, point.id(), Field.Store.NO));
        document.add(new BinaryDocValuesField(ID, new BytesRef(point.id())));
        document.add(new NumericDocValuesField(VERSION, point.version()));
        document.add(new KnnFloatVectorField(VECTOR, point.vector(), similarity));
        point.payload().forEach((key, value) -> add(document, key, value));
        return document;
    }

    private void add(Document document, String key, Object value) {
        PayloadType type = schema.payload().get(key);
        Object canonical = type == null ? null : type.canonical(value).orElse(null);
        switch (canonical) {
            case String text -> {
                document.add(new StringField(key, text, Field.Store.NO));
                document.add(new BinaryDocValuesField(key, new BytesRef(text)));
            }
            case Double number -> document.add(new DoubleField(key, number, Field.Store.NO));
            case Long number -> document.add(new LongField(key, number, Field.Store.NO));
            case Boolean flag -> document.add(new LongField(key, flag ? 1 : 0, Field.Store.NO));
            case null, default ->
                throw new VectorException.InvalidPoint("the payload key \"" + key + "\" does not fit");
        }
    }

    /** The version of the point with this id, if it is there. */
    static OptionalLong version(IndexReader index, String id) throws IOException {
        BytesRef term = new BytesRef(id);
        for (LeafReaderContext leaf : index.leaves()) {
            LeafReader reader = leaf.reader();
            TermsEnum terms = reader.terms(ID) == null ? null : reader.terms(ID).iterator();
            if (terms == null || !terms.seekExact(term)) {
                continue;
            }
            PostingsEnum postings = terms.postings(null, PostingsEnum.NONE);
            Bits live = reader.getLiveDocs();
            for (int doc = postings.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = postings.nextDoc()) {
                NumericDocValues versions = DocValues.getNumeric(reader, VERSION);
                if ((live == null || live.get(doc)) && versions.advanceExact(doc)) {
                    return OptionalLong.of(versions.longValue());
                }
            }
        }
        return OptionalLong.empty();
    }

    /** The best {@code limit} of the candidates, best first, equal scores by id. */
    List<Hits.Hit> hits(IndexReader index, List<ScoreDoc> candidates, int limit, List<String> withPayload)
            throws IOException {
        List<Candidate> best = new ArrayList<>(candidates.size());
        Cursor cursor = new Cursor(index);
        for (ScoreDoc candidate : byDocument(candidates, found -> found.doc)) {
            best.add(new Candidate(candidate.doc, candidate.score, cursor.id(candidate.doc)));
        }
        best.sort(Comparator.comparing(Candidate::score).reversed().thenComparing(Candidate::id));
        best = best.subList(0, Math.min(limit, best.size()));

        Iterable<String> keys = withPayload.isEmpty() ? schema.payload().keySet() : withPayload;
        Map<Integer, Map<String, Object>> payloads = new HashMap<>();
        Cursor payload = new Cursor(index);
        for (Candidate hit : byDocument(best, Candidate::doc)) {
            payloads.put(hit.doc, payload.payload(hit.doc, keys));
        }
        List<Hits.Hit> hits = new ArrayList<>(best.size());
        for (Candidate hit : best) {
            hits.add(new Hits.Hit(hit.id, score(hit.score), payloads.getOrDefault(hit.doc, Map.of())));
        }
        return hits;
    }

    private record Candidate(int doc, float score, String id) {}

    private static <T> List<T> byDocument(List<T> found, ToIntFunction<T> doc) {
        return found.stream().sorted(Comparator.comparingInt(doc)).toList();
    }

    /** Undoes what Lucene does to keep its scores positive. */
    private float score(float lucene) {
        return switch (schema.distance()) {
            case DOT -> lucene < 1 ? (float) (1 - 1 / (double) lucene) : lucene - 1;
            case COSINE -> 2 * lucene - 1;
            case L2 -> lucene;
        };
    }

    /** Reads doc values of ascending documents. */
    private final class Cursor {

        private final List<LeafReaderContext> leaves;
        private int leafEnd;
        private int docBase;
        private @Nullable LeafReader reader;
        private @Nullable BinaryDocValues ids;
        private final Map<String, DocIdSetIterator> columns = new LinkedHashMap<>();

        Cursor(IndexReader index) {
            this.leaves = index.leaves();
        }

        private LeafReader at(int doc) {
            if (reader == null || doc >= leafEnd) {
                LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(doc, leaves));
                reader = leaf.reader();
                docBase = leaf.docBase;
                leafEnd = docBase + reader.maxDoc();
                ids = null;
                columns.clear();
            }
            return reader;
        }

        String id(int doc) throws IOException {
            LeafReader leaf = at(doc);
            if (ids == null) {
                ids = DocValues.getBinary(leaf, ID);
            }
            if (!ids.advanceExact(doc - docBase)) {
                throw new IllegalStateException("document " + doc + " has no id");
            }
            return ids.binaryValue().utf8ToString();
        }

        Map<String, Object> payload(int doc, Iterable<String> keys) throws IOException {
            LeafReader leaf = at(doc);
            Map<String, Object> payload = new LinkedHashMap<>();
            for (String key : keys) {
                Object value = value(leaf, doc - docBase, key);
                if (value != null) {
                    payload.put(key, value);
                }
            }
            return payload;
        }

        private @Nullable Object value(LeafReader leaf, int doc, String key) throws IOException {
            PayloadType type = Objects.requireNonNull(schema.payload().get(key));
            if (type == PayloadType.KEYWORD) {
                BinaryDocValues texts = (BinaryDocValues) columns.get(key);
                if (texts == null) {
                    texts = DocValues.getBinary(leaf, key);
                    columns.put(key, texts);
                }
                return texts.advanceExact(doc) ? texts.binaryValue().utf8ToString() : null;
            }
            SortedNumericDocValues numbers = (SortedNumericDocValues) columns.get(key);
            if (numbers == null) {
                numbers = DocValues.getSortedNumeric(leaf, key);
                columns.put(key, numbers);
            }
            if (!numbers.advanceExact(doc)) {
                return null;
            }
            long bits = numbers.nextValue();
            return switch (type) {
                case FLOAT -> NumericUtils.sortableLongToDouble(bits);
                case BOOL -> bits == 1;
                case INTEGER -> bits;
                case KEYWORD -> throw new IllegalStateException("no number: " + key);
            };
        }
    }
}
