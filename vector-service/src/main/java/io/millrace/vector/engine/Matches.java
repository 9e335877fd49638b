package io.millrace.vector.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.search.DocAndFloatFeatureBuffer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.ArrayUtil;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.FloatHeap;
import org.jspecify.annotations.Nullable;

/**
 * The documents that pass a filter, to be compared one by one.
 *
 * @param complete false when there are more than the most that was asked for
 */
record Matches(List<Segment> segments, boolean complete) {

    private static final int DEADLINE_STRIDE = 4096;

    /** Documents of one segment, ascending. The arrays are filled up to {@code count} and never changed. */
    record Segment(LeafReaderContext leaf, int[] docs, int count) {}

    /** Collects at most {@code atMost} documents; no filter lets all through. */
    static Matches collect(IndexSearcher searcher, @Nullable Query filter, int atMost, Deadline deadline)
            throws IOException {
        if (filter == null && searcher.getIndexReader().numDocs() > atMost) {
            return new Matches(List.of(), false);
        }
        Weight weight = filter == null
                ? null
                : searcher.createWeight(searcher.rewrite(filter), ScoreMode.COMPLETE_NO_SCORES, 1);
        List<Segment> segments = new ArrayList<>();
        int left = atMost;
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            DocIdSetIterator matching = iterator(leaf, weight);
            if (matching == null) {
                continue;
            }
            Bits live = leaf.reader().getLiveDocs();
            int[] docs = new int[Math.min(leaf.reader().maxDoc(), 256)];
            int count = 0;
            for (int doc = matching.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = matching.nextDoc()) {
                if (live != null && !live.get(doc)) {
                    continue;
                }
                if (left-- == 0) {
                    return new Matches(List.of(), false);
                }
                if (count % DEADLINE_STRIDE == 0) {
                    deadline.check();
                }
                docs = ArrayUtil.grow(docs, count + 1);
                docs[count++] = doc;
            }
            segments.add(new Segment(leaf, docs, count));
        }
        return new Matches(segments, true);
    }

    private static @Nullable DocIdSetIterator iterator(LeafReaderContext leaf, @Nullable Weight weight)
            throws IOException {
        if (weight == null) {
            return DocIdSetIterator.all(leaf.reader().maxDoc());
        }
        Scorer scorer = weight.scorer(leaf);
        return scorer == null ? null : scorer.iterator();
    }

    /** The {@code limit} nearest documents in no order, and further ones that are as near as the last of them. */
    List<ScoreDoc> nearest(float[] vector, int limit, Deadline deadline) throws IOException {
        int total = segments.stream().mapToInt(Segment::count).sum();
        int[] docs = new int[total];
        float[] scores = new float[total];
        FloatHeap best = new FloatHeap(limit);
        DocAndFloatFeatureBuffer batch = new DocAndFloatFeatureBuffer();
        int size = 0;
        for (Segment segment : segments) {
            FloatVectorValues values = segment.leaf.reader().getFloatVectorValues(PointDocuments.VECTOR);
            if (values == null) {
                continue;
            }
            VectorScorer scorer = values.scorer(vector);
            VectorScorer.Bulk bulk = scorer.bulk(new ArrayIterator(segment.docs, segment.count));
            while (true) {
                bulk.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, null, batch);
                if (batch.size == 0) {
                    break;
                }
                deadline.check();
                for (int i = 0; i < batch.size; i++) {
                    docs[size] = segment.leaf.docBase + batch.docs[i];
                    scores[size++] = batch.features[i];
                    best.offer(batch.features[i]);
                }
            }
        }
        float worst = best.size() < limit ? Float.NEGATIVE_INFINITY : best.peek();
        List<ScoreDoc> nearest = new ArrayList<>(limit);
        for (int i = 0; i < size; i++) {
            if (scores[i] >= worst) {
                nearest.add(new ScoreDoc(docs[i], scores[i]));
            }
        }
        return nearest;
    }

    /** Walks over ascending documents in an array. */
    private static final class ArrayIterator extends DocIdSetIterator {

        private final int[] docs;
        private final int count;
        private int at = -1;

        ArrayIterator(int[] docs, int count) {
            this.docs = docs;
            this.count = count;
        }

        @Override
        public int docID() {
            return at < 0 ? -1 : at < count ? docs[at] : NO_MORE_DOCS;
        }

        @Override
        public int nextDoc() {
            at = Math.min(at + 1, count);
            return docID();
        }

        @Override
        public int advance(int target) {
            int found = Arrays.binarySearch(docs, Math.min(at + 1, count), count, target);
            at = found < 0 ? -found - 1 : found;
            return docID();
        }

        @Override
        public long cost() {
            return count;
        }
    }
}
