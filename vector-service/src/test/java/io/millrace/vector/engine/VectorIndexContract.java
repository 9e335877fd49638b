package io.millrace.vector.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.vector.engine.Filter.Exists;
import io.millrace.vector.engine.Filter.Ids;
import io.millrace.vector.engine.Filter.Match;
import io.millrace.vector.engine.Filter.Range;
import io.millrace.wire.Point;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What every index of points does. */
abstract class VectorIndexContract {

    static final int DIMENSION = 16;
    static final Schema SCHEMA = new Schema(
            DIMENSION,
            Distance.DOT,
            Map.of(
                    "category", PayloadType.KEYWORD,
                    "price", PayloadType.FLOAT,
                    "stock", PayloadType.INTEGER,
                    "fresh", PayloadType.BOOL));

    private static final int MANY = 8_000;
    private static final Map<Distance, Filled> FILLED = new EnumMap<>(Distance.class);

    @TempDir
    static Path sharedFolder;

    @TempDir
    Path folder;

    /** An index that tests only search, because it takes seconds to fill. */
    record Filled(VectorIndex index, List<Point> points) {}

    /** Opens the index of this folder. */
    abstract VectorIndex open(Path folder, Schema schema, Map<String, String> initialMarks);

    VectorIndex open() {
        return open(folder, SCHEMA, Map.of());
    }

    Filled filled(Distance distance) {
        return FILLED.computeIfAbsent(distance, each -> {
            Schema schema = new Schema(DIMENSION, each, SCHEMA.payload());
            VectorIndex index = open(sharedFolder.resolve(each.wireName()), schema, Map.of());
            return new Filled(index, fill(index, MANY));
        });
    }

    @AfterAll
    static void closeFilled() {
        FILLED.values().forEach(filled -> filled.index.close());
        FILLED.clear();
    }

    // ---------------------------------------------------------------- what is nearest

    @ParameterizedTest
    @EnumSource(Distance.class)
    void findsWhatAComparisonOfAllFinds(Distance distance) {
        Filled filled = filled(distance);
        double recall = 0;
        for (int i = 0; i < 50; i++) {
            float[] query = vector(1_000_000 + i);
            Hits found = search(filled.index, query(query, 10));
            assertThat(found.hits()).hasSize(10);
            recall += recall(found, nearest(filled.points, distance, query, 10, point -> true)) / 50;
        }
        assertThat(recall).isGreaterThan(0.98);
    }

    @ParameterizedTest
    @CsvSource({"0.01", "0.1", "0.5"})
    void losesNothingToAFilter(double share) {
        Filled filled = filled(Distance.DOT);
        Filter filter = new Filter(List.of(new Range("price", null, null, share, null)), List.of());
        double recall = 0;
        for (int i = 0; i < 50; i++) {
            float[] query = vector(1_000_000 + i);
            Hits found = search(filled.index, query(query, 20, filter));
            assertThat(found.hits())
                    .hasSize(20)
                    .allSatisfy(hit -> assertThat(hit.payload())
                            .hasEntrySatisfying(
                                    "price", price -> assertThat((Double) price).isLessThan(share)));
            recall +=
                    recall(found, nearest(filled.points, Distance.DOT, query, 20, point -> price(point) < share)) / 50;
        }
        assertThat(recall).isGreaterThan(0.98);
    }

    @Test
    void leavesOutFifteenHundredIdsOfFourThousand() {
        try (VectorIndex index = open()) {
            List<Point> points = fill(index, 4_000);
            Set<String> excluded =
                    IntStream.range(0, 1_500).mapToObj(VectorIndexContract::id).collect(Collectors.toSet());
            float[] query = vector(7);

            Hits found = search(index, query(query, 200, new Filter(List.of(), List.of(new Ids(excluded)))));

            assertThat(ids(found))
                    .isEqualTo(nearest(points, Distance.DOT, query, 200, point -> !excluded.contains(point.id())));
        }
    }

    @Test
    void isNeverShortWhenEnoughPointsMatch() {
        VectorIndex index = filled(Distance.DOT).index;
        for (int limit : new int[] {1, 79, 80, 81, 1_000}) {
            for (double below : new double[] {0.01, 0.1, 0.5, 2}) {
                Filter filter = new Filter(List.of(new Range("price", null, null, below, null)), List.of());
                assertThat(search(index, query(vector(3), limit, filter)).hits())
                        .hasSize((int) Math.min(limit, Math.round(MANY * Math.min(1, below))));
            }
        }
    }

    @Test
    void ordersEqualScoresById() {
        try (VectorIndex index = open()) {
            float[] same = vector(1);
            for (String id : List.of("d", "b", "e", "a", "c")) {
                index.upsert(point(id, 1, same, Map.of()));
                index.refresh();
            }
            assertThat(ids(search(index, query(same, 3)))).containsExactly("a", "b", "c");
        }
    }

    @Test
    void aScoreIsTheInnerProductTheCosineOrFallsWithTheSquaredDistance() {
        float[] a = new float[DIMENSION];
        float[] b = new float[DIMENSION];
        a[0] = 3;
        b[0] = -4;
        b[1] = 3;
        assertThat(score(Distance.DOT, a, b)).isCloseTo(-12, within(1e-5f));
        assertThat(score(Distance.COSINE, a, b)).isCloseTo(-0.8f, within(1e-6f));
        assertThat(score(Distance.L2, a, b)).isCloseTo(1f / (1 + 49 + 9), within(1e-6f));
    }

    private float score(Distance distance, float[] a, float[] b) {
        try (VectorIndex index =
                open(folder.resolve(distance.wireName()), new Schema(DIMENSION, distance, Map.of()), Map.of())) {
            index.upsert(point("a", 1, a, Map.of()));
            index.refresh();
            return search(index, query(b, 1)).hits().getFirst().score();
        }
    }

    // ---------------------------------------------------------------- payload and filters

    @Test
    void returnsThePayloadThatIsAskedFor() {
        Map<String, Object> payload = Map.of("category", "Kerzenständer", "price", 2.55, "stock", 4L, "fresh", true);
        try (VectorIndex index = open()) {
            index.upsert(point("a", 1, vector(1), payload));
            index.upsert(point("b", 1, vector(1), Map.of()));
            index.refresh();

            assertThat(search(index, query(vector(1), 2)).hits())
                    .extracting(Hits.Hit::payload)
                    .containsExactly(payload, Map.of());
            VectorQuery some = new VectorQuery(vector(1), 1, Filter.NONE, List.of("price", "category"), 0);
            assertThat(search(index, some).hits().getFirst().payload())
                    .isEqualTo(Map.of("price", 2.55, "category", "Kerzenständer"));
        }
    }

    @Test
    void filtersByTypedPayload() {
        try (VectorIndex index = open()) {
            index.upsert(point("cup", 1, Map.of("category", "kitchen", "price", 2.5, "stock", 0L, "fresh", true)));
            index.upsert(point("pan", 1, Map.of("category", "kitchen", "price", 25, "stock", 7L, "fresh", false)));
            index.upsert(point("owl", 1, Map.of("category", "toys", "price", 5.0)));
            index.upsert(point("nil", 1, Map.of()));
            index.refresh();

            assertThat(must(index, new Match("category", "kitchen"))).containsExactly("cup", "pan");
            assertThat(must(index, new Match("price", 25L))).containsExactly("pan");
            assertThat(must(index, new Match("stock", 0L))).containsExactly("cup");
            assertThat(must(index, new Match("fresh", false))).containsExactly("pan");
            assertThat(must(index, new Filter.Any("category", List.of("toys", "garden"))))
                    .containsExactly("owl");
            assertThat(must(index, new Filter.Any("stock", List.of(0L, 7L)))).containsExactly("cup", "pan");
            assertThat(must(index, new Filter.Any("category", List.of()))).isEmpty();
            assertThat(must(index, new Range("price", 2.5, null, null, 25.0))).containsExactly("owl", "pan");
            assertThat(must(index, new Range("price", null, 2.5, 25.0, null))).containsExactly("cup", "owl");
            assertThat(must(index, new Range("stock", null, -0.5, 6.9, null))).containsExactly("cup");
            assertThat(must(index, new Range("stock", 0.0, null, null, 7.0))).containsExactly("pan");
            assertThat(must(index, new Exists("category", true))).containsExactly("cup", "owl", "pan");
            assertThat(must(index, new Exists("category", false))).containsExactly("nil");
            assertThat(must(index, new Ids(Set.of("owl", "elephant")))).containsExactly("owl");
            assertThat(must(index, new Ids(Set.of()))).isEmpty();
            assertThat(mustNot(index, new Match("category", "kitchen"))).containsExactly("nil", "owl");
            assertThat(mustNot(index, new Exists("price", false))).containsExactly("cup", "owl", "pan");
            assertThat(mustNot(index, new Ids(Set.of()))).containsExactly("cup", "nil", "owl", "pan");
        }
    }

    @Test
    void refusesAQueryThatDoesNotFitAndNamesWhatIsWrong() {
        try (VectorIndex index = open()) {
            refuses(index, "/filter/must/0/key", "colour", new Match("colour", "red"));
            refuses(index, "/filter/must/0/match", "category", new Match("category", 5L));
            refuses(index, "/filter/must/0/match", "stock", new Match("stock", 5.0));
            refuses(index, "/filter/must/0/any", "fresh", new Filter.Any("fresh", List.of(true, "true")));
            refuses(index, "/filter/must/0/range", "category", new Range("category", 1.0, null, null, null));
            refuses(index, "/filter/must/0/range", "gt, gte, lt", new Range("price", null, null, null, null));
            refuses(index, "/filter/must/0/range/lt", "number", new Range("price", null, null, Double.NaN, null));
            float[] vector = vector(1);
            refuses(index, "/vector", "16 coordinates, not 3", query(new float[3], 1));
            refuses(index, "/limit", "1 to 1000", query(vector, 0));
            refuses(index, "/limit", "1 to 1000", query(vector, 1_001));
            refuses(index, "/with_payload/0", "colour", new VectorQuery(vector, 1, Filter.NONE, List.of("colour"), 0));
            vector[3] = Float.NaN;
            refuses(index, "/vector", "finite", query(vector, 1));
        }
    }

    // ---------------------------------------------------------------- writing

    @Test
    void anOlderVersionNeverReplacesANewerOne() {
        try (VectorIndex index = open()) {
            assertThat(index.upsert(point("a", 2, Map.of("stock", 2L)))).isTrue();
            assertThat(index.upsert(point("a", 1, Map.of("stock", 1L)))).isFalse();
            index.refresh();
            assertThat(index.upsert(point("a", 1, Map.of("stock", 1L)))).isFalse();
            index.refresh();
            assertThat(search(index, query(vector(1), 1)).hits().getFirst().payload())
                    .isEqualTo(Map.of("stock", 2L));

            assertThat(index.upsert(point("a", 3, Map.of("stock", 3L)))).isTrue();
            index.refresh();
            assertThat(search(index, query(vector(1), 9)).hits())
                    .extracting(Hits.Hit::payload)
                    .containsExactly(Map.of("stock", 3L));
            assertThat(index.points()).isEqualTo(1);
        }
    }

    @Test
    void aDeletedPointIsGoneAndMayComeBack() {
        try (VectorIndex index = open()) {
            index.upsert(point("a", 5, Map.of()));
            index.upsert(point("b", 5, Map.of()));
            index.refresh();
            index.delete("a");
            index.delete("never there");
            index.refresh();
            assertThat(ids(search(index, query(vector(1), 9)))).containsExactly("b");

            index.delete("b");
            assertThat(index.upsert(point("b", 1, Map.of()))).isTrue();
            index.refresh();
            assertThat(ids(search(index, query(vector(1), 9)))).containsExactly("b");
        }
    }

    @Test
    void aRestartFindsWhatWasCommittedWithItsMarks() {
        try (VectorIndex index = open(folder, SCHEMA, Map.of("partition.0", "0"))) {
            assertThat(index.marks()).containsEntry("partition.0", "0");
            index.upsert(point("a", 1, Map.of("category", "kitchen")));
            index.commit(Map.of("partition.0", "17"));
            index.upsert(point("b", 1, Map.of()));
            index.refresh();
            assertThat(index.points()).isEqualTo(2);
        }
        try (VectorIndex index = open(folder, SCHEMA, Map.of("partition.0", "0"))) {
            assertThat(index.marks()).containsEntry("partition.0", "17");
            assertThat(must(index, new Match("category", "kitchen"))).containsExactly("a");
            assertThat(index.points()).isEqualTo(1);
            assertThat(index.upsert(point("a", 0, Map.of()))).isFalse();
        }
    }

    @Test
    void anIndexOfAnotherSchemaIsMadeAgain() {
        try (VectorIndex index = open()) {
            index.upsert(point("a", 1, Map.of()));
            index.commit(Map.of("partition.0", "17"));
        }
        Schema other = new Schema(DIMENSION, Distance.L2, SCHEMA.payload());
        try (VectorIndex index = open(folder, other, Map.of())) {
            assertThat(index.points()).isZero();
            assertThat(index.marks()).doesNotContainKey("partition.0");
        }
    }

    @Test
    void endsASearchWhoseDeadlineHasPassed() {
        try (VectorIndex index = open()) {
            fill(index, 100);
            Deadline passed = Deadline.in(Duration.ZERO);
            assertThatThrownBy(() -> index.search(query(vector(1), 10), passed))
                    .isInstanceOf(VectorException.DeadlineExceeded.class);
        }
    }

    // ---------------------------------------------------------------- the points of these tests

    /** Points 00000, 00001, …, prices spread evenly over [0, 1). */
    static List<Point> fill(VectorIndex index, int count) {
        List<Point> points = IntStream.range(0, count)
                .mapToObj(i -> point(id(i), 1, vector(i), Map.of("price", (i * 7_919L % count) / (double) count)))
                .toList();
        points.forEach(index::upsert);
        index.refresh();
        return points;
    }

    static String id(int i) {
        return "%05d".formatted(i);
    }

    /**
     * Around one of 32 centres, as embeddings are, and of whole numbers, so that inner products and squared distances
     * are exact in every order of summing.
     */
    static float[] vector(long seed) {
        Random random = new Random(seed * 0x9E37_79B9_7F4A_7C15L); // neighbouring seeds alone give alike numbers
        Random centre = new Random((random.nextInt(32) + 1) * 0x9E37_79B9_7F4A_7C15L);
        float[] vector = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            vector[i] = Math.round(16 * (centre.nextGaussian() + 0.6 * random.nextGaussian()));
        }
        return vector;
    }

    static Point point(String id, long version, float[] vector, Map<String, Object> payload) {
        return new Point("items", "space-1", id, version, vector, payload);
    }

    static Point point(String id, long version, Map<String, Object> payload) {
        Map<String, Object> asKafkaHasIt = new HashMap<>(payload);
        asKafkaHasIt.replaceAll((key, value) -> value instanceof Integer number ? (Object) number.longValue() : value);
        return point(id, version, vector(1), asKafkaHasIt);
    }

    static VectorQuery query(float[] vector, int limit, Filter filter) {
        return new VectorQuery(vector, limit, filter, List.of(), 0);
    }

    static VectorQuery query(float[] vector, int limit) {
        return query(vector, limit, Filter.NONE);
    }

    static Hits search(VectorIndex index, VectorQuery query) {
        return index.search(query, Deadline.in(Duration.ofSeconds(20)));
    }

    static List<String> ids(Hits hits) {
        return hits.hits().stream().map(Hits.Hit::id).toList();
    }

    private static List<String> must(VectorIndex index, Filter.Condition condition) {
        return ids(search(index, query(vector(1), 9, new Filter(List.of(condition), List.of()))));
    }

    private static List<String> mustNot(VectorIndex index, Filter.Condition condition) {
        return ids(search(index, query(vector(1), 9, new Filter(List.of(), List.of(condition)))));
    }

    private static void refuses(VectorIndex index, String pointer, String names, Filter.Condition condition) {
        refuses(index, pointer, names, query(vector(1), 1, new Filter(List.of(condition), List.of())));
    }

    private static void refuses(VectorIndex index, String pointer, String names, VectorQuery query) {
        assertThatThrownBy(() -> search(index, query))
                .isInstanceOfSatisfying(
                        VectorException.InvalidQuery.class,
                        error -> assertThat(error.pointer()).isEqualTo(pointer))
                .hasMessageContaining(names);
    }

    private static double price(Point point) {
        return (Double) point.payload().getOrDefault("price", 0.0);
    }

    static double recall(Hits found, List<String> nearest) {
        Set<String> hits = new HashSet<>(ids(found));
        hits.retainAll(Set.copyOf(nearest));
        return hits.size() / (double) nearest.size();
    }

    /** The ids of the nearest points, by comparing all of them in double precision. */
    static List<String> nearest(
            List<Point> points, Distance distance, float[] query, int limit, Predicate<Point> filter) {
        record Scored(String id, double score) {}
        return points.stream()
                .filter(filter)
                .map(point -> new Scored(point.id(), exactScore(distance, point.vector(), query)))
                .sorted(Comparator.comparing(Scored::score).reversed().thenComparing(Scored::id))
                .limit(limit)
                .map(Scored::id)
                .toList();
    }

    private static double exactScore(Distance distance, float[] a, float[] b) {
        double dot = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        double squaredDistance = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresOfA += (double) a[i] * a[i];
            squaresOfB += (double) b[i] * b[i];
            squaredDistance += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return switch (distance) {
            case DOT -> dot;
            case COSINE -> dot / Math.sqrt(squaresOfA * squaresOfB);
            case L2 -> -squaredDistance;
        };
    }
}
