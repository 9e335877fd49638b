package io.millrace.benchmarks.inprocess;

import ai.onnxruntime.OrtException;
import feast.proto.types.Value;
import io.millrace.benchmarks.Benchmark;
import io.millrace.benchmarks.Target;
import io.millrace.benchmarks.storefront.Storefront;
import io.millrace.vector.engine.Deadline;
import io.millrace.vector.engine.Distance;
import io.millrace.vector.engine.Filter;
import io.millrace.vector.engine.Hits;
import io.millrace.vector.engine.LuceneEngine;
import io.millrace.vector.engine.PayloadType;
import io.millrace.vector.engine.Schema;
import io.millrace.vector.engine.VectorIndex;
import io.millrace.vector.engine.VectorQuery;
import io.millrace.wire.MalformedMessageException;
import io.millrace.wire.Point;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The baseline of the whole path: the work of a storefront prediction as one thread of one process does it, with the data
 * of a running Millrace. The feature rows are decoded from Feast's bytes in a map, the towers and the ranker run in ONNX
 * Runtime, the search in Lucene; there is no Redis, no network, no queue and no JSON.
 */
public final class InProcess implements Benchmark {

    private static final int WARM_UP = 2_000;
    private static final int COUNTED = 3_000;
    private static final int CANDIDATES = 200;
    private static final int RESULTS = 20;
    private static final int EXACT_UP_TO = 5_000; // as vector-service ships
    private static final int EF = 100;
    private static final String PROJECT = "default_storefront";
    private static final List<String> STEPS = List.of("customer", "query", "candidates", "items", "rank", "answer");
    private static final Filter IN_STOCK = new Filter(List.of(new Filter.Match("in_stock", true)), List.of());

    @Override
    public String name() {
        return "in-process";
    }

    @Override
    public Usage usage() {
        return new Usage(
                "",
                "The work of %,d storefront predictions in one thread without services, after %,d that do not count."
                        .formatted(COUNTED, WARM_UP));
    }

    @Override
    public boolean run(Target millrace, List<String> arguments) throws IOException {
        Path folder = Files.createTempDirectory("millrace-in-process");
        String kafka = millrace.ports().kafkaBootstrap();
        try (var index = index(kafka, folder);
                var tower = new Model(millrace.state().models().resolve("storefront-user-tower"));
                var ranker = new Model(millrace.state().models().resolve("storefront-ranker"))) {
            var work = new Work(
                    new FeatureRows(kafka, "customer_activity", PROJECT, "customer"),
                    new FeatureRows(kafka, "item_popularity", PROJECT, "item"),
                    index,
                    tower,
                    ranker);
            List<String> customers = Storefront.customers(millrace, arguments);
            var random = new Random(17);
            for (int i = 0; i < WARM_UP; i++) {
                work.predict(customers.get(random.nextInt(customers.size())));
            }
            var nanos = new long[STEPS.size() + 1][COUNTED];
            int tooShort = 0;
            for (int i = 0; i < COUNTED; i++) {
                int results = work.predict(customers.get(random.nextInt(customers.size())));
                tooShort += results == RESULTS ? 0 : 1;
                for (int step = 0; step < STEPS.size(); step++) {
                    nanos[step][i] = work.nanos[step];
                    nanos[STEPS.size()][i] += work.nanos[step];
                }
            }
            report(nanos);
            System.out.printf(
                    "%d points, SIMD %s, %d answers too short%n", index.points(), LuceneEngine.vectorized(), tooShort);
            return tooShort == 0;
        } catch (MalformedMessageException | OrtException e) {
            throw new IOException("The data of the running Millrace cannot be used: " + e.getMessage(), e);
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void report(long[][] nanos) {
        for (int step = 0; step <= STEPS.size(); step++) {
            Arrays.sort(nanos[step]);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s p50 %7.1f us, p99 %7.1f us%n",
                    step < STEPS.size() ? STEPS.get(step) : "total",
                    nanos[step][COUNTED / 2] / 1e3,
                    nanos[step][COUNTED * 99 / 100] / 1e3);
        }
    }

    /** A new index of the newest generation's points. */
    private static VectorIndex index(String kafka, Path folder) throws MalformedMessageException {
        Map<String, Map<String, Point>> spaces = new HashMap<>();
        TopicReader.read(kafka, Topics.POINTS, Point.CODEC, point -> {
            if (point.collection().equals("storefront-items")) {
                spaces.computeIfAbsent(point.embeddingSpace(), _ -> new HashMap<>())
                        .put(point.id(), point);
            }
        });
        List<Point> points = spaces.values().stream()
                .max(Comparator.comparing(space ->
                        space.values().stream().mapToLong(Point::version).max().orElse(0)))
                .map(space -> List.copyOf(space.values()))
                .orElseThrow(() -> new IllegalArgumentException("There are no points; is Millrace up?"));
        var schema = new Schema(
                points.getFirst().vector().length,
                Distance.DOT,
                Map.of(
                        "description", PayloadType.KEYWORD,
                        "price", PayloadType.FLOAT,
                        "in_stock", PayloadType.BOOL,
                        "category", PayloadType.KEYWORD));
        VectorIndex index = new LuceneEngine(EXACT_UP_TO, EF).open(folder, schema, Map.of());
        points.forEach(index::upsert);
        index.refresh();
        return index;
    }

    /** One prediction after the other. */
    private static final class Work {

        private final FeatureRows customers;
        private final FeatureRows items;
        private final VectorIndex index;
        private final Model tower;
        private final Model ranker;
        private final List<Model.Column> columns;
        private final List<Model.Texts> texts;
        private final List<String> customerFeatures;
        private final List<String> itemFeatures;
        private final long[] nanos = new long[STEPS.size()];

        Work(FeatureRows customers, FeatureRows items, VectorIndex index, Model tower, Model ranker) {
            this.customers = customers;
            this.items = items;
            this.index = index;
            this.tower = tower;
            this.ranker = ranker;
            this.columns = ranker.columns();
            this.texts = tower.texts();
            this.customerFeatures = Stream.concat(texts.stream().map(Model.Texts::feature), names("customer"))
                    .toList();
            this.itemFeatures = names("items").toList();
        }

        private Stream<String> names(String step) {
            return columns.stream().filter(each -> each.step().equals(step)).map(Model.Column::name);
        }

        /** How many results there are; how long each step took is in {@link #nanos}. */
        int predict(String customer) throws OrtException {
            long start = System.nanoTime();
            @Nullable Value[] of = customers.read(customer, customerFeatures);
            long read = lap(0, start);

            var known = new HashMap<String, String[][]>();
            for (int input = 0; input < texts.size(); input++) {
                List<String> list = FeatureRows.texts(of[input]);
                var padded = new String[1][texts.get(input).width()];
                for (int i = 0; i < padded[0].length; i++) {
                    padded[0][i] = i < list.size() ? list.get(i) : "";
                }
                known.put(texts.get(input).name(), padded);
            }
            float[] query = tower.run(known)[0];
            long embedded = lap(1, read);

            List<Hits.Hit> hits = index.search(
                            new VectorQuery(query, CANDIDATES, IN_STOCK, List.of("description", "price"), 0),
                            Deadline.in(Duration.ofSeconds(10)))
                    .hits();
            long found = lap(2, embedded);

            List<@Nullable Value[]> rows = new ArrayList<>(hits.size());
            for (Hits.Hit hit : hits) {
                rows.add(items.read(hit.id(), itemFeatures));
            }
            long enriched = lap(3, found);

            var inputs = new float[hits.size()][columns.size()];
            int ofCustomer = texts.size();
            int ofItem = 0;
            for (int column = 0; column < columns.size(); column++) {
                Model.Column from = columns.get(column);
                int place = from.step().equals("customer")
                        ? ofCustomer++
                        : from.step().equals("items") ? ofItem++ : 0;
                for (int row = 0; row < inputs.length; row++) {
                    inputs[row][column] = switch (from.step()) {
                        case "customer" -> FeatureRows.number(of[place], from.missing());
                        case "items" -> FeatureRows.number(rows.get(row)[place], from.missing());
                        default -> hits.get(row).score();
                    };
                }
            }
            float[][] scores = ranker.run(inputs);
            long ranked = lap(4, enriched);

            float[] score = scores.length == 1 ? scores[0] : null;
            List<Hits.Hit> best = IntStream.range(0, hits.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> score == null ? -scores[row][0] : -score[row]))
                    .limit(RESULTS)
                    .map(hits::get)
                    .toList();
            lap(5, ranked);
            return best.size();
        }

        private long lap(int step, long since) {
            long now = System.nanoTime();
            nanos[step] = now - since;
            return now;
        }
    }
}
