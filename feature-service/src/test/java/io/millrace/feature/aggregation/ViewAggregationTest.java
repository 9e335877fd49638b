package io.millrace.feature.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.millrace.wire.Event;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewAggregationTest {

    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private static final List<Aggregation> MANY = Stream.of(null, "20m", "1h", "26h", "2d", "7d", "28d")
            .flatMap(window -> Stream.of(
                    aggregation("count", null, window, Dtype.INT64, 0, "purchase", "view"),
                    aggregation("count", "value.price", window, Dtype.INT64, 0),
                    aggregation("sum", "value.quantity", window, Dtype.INT64, 0, "purchase"),
                    aggregation("sum", "value.price", window, Dtype.FLOAT64, 0, "purchase"),
                    aggregation("mean", "value.price", window, Dtype.FLOAT64, 0, "purchase", "item"),
                    aggregation("min", "value.price", window, Dtype.FLOAT64, 0),
                    aggregation("max", "value.quantity", window, Dtype.INT64, 0),
                    aggregation("last", "value.price", window, Dtype.FLOAT64, 0),
                    aggregation("last", "value.in_stock", window, Dtype.BOOL, 0),
                    aggregation("last", "value.description", window, Dtype.STRING, 0),
                    aggregation("last_distinct", "entities.item", window, Dtype.STRING_LIST, 5)))
            .toList();

    private final ViewAggregation view = new ViewAggregation(MANY);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void tilesGiveWhatTheRawEventsGive(long seed) throws IOException {
        Random random = new Random(seed);
        List<Event> events = events(random, 400);
        ViewState state = view.empty();
        List<Event> seen = new ArrayList<>();
        long streamMicros = Long.MIN_VALUE;
        for (Event event : events) {
            streamMicros = Math.max(streamMicros, ViewAggregation.micros(event.time()));
            Contribution contribution = view.contribution(event, seen.size());
            seen.add(event);
            if (contribution != null) {
                state.add(contribution(bytes(contribution::write)));
            }
            if (random.nextInt(20) == 0) {
                state = view.state(CodedInputStream.newInstance(bytes(state::write)));
                long later = streamMicros + random.nextLong(Duration.ofDays(3).toNanos() / 1000);
                assertValues(state, seen, random.nextBoolean() ? streamMicros : later);
            }
        }
        assertValues(state, seen, streamMicros);
    }

    private Contribution contribution(byte[] bytes) throws IOException {
        return view.contribution(CodedInputStream.newInstance(bytes));
    }

    private void assertValues(ViewState state, List<Event> events, long streamMicros) {
        for (int i = 0; i < MANY.size(); i++) {
            Aggregation aggregation = MANY.get(i);
            assertThat(state.value(i, streamMicros))
                    .as("%s of %s events at %s", aggregation, events.size(), streamMicros)
                    .isEqualTo(bruteForce(aggregation, events, streamMicros));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void theOrderOfArrivalDoesNotMatter(long seed) {
        Random random = new Random(seed);
        List<Event> events = events(random, 300);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            order.add(i);
        }
        ViewState inOrder = state(events, order);
        Collections.shuffle(order, random);
        ViewState shuffled = state(events, order);

        assertThat(shuffled.eventMicros()).isEqualTo(inOrder.eventMicros());
        for (int i = 0; i < MANY.size(); i++) {
            assertThat(shuffled.value(i, inOrder.eventMicros()))
                    .as("%s", MANY.get(i))
                    .isEqualTo(inOrder.value(i, inOrder.eventMicros()));
        }
    }

    private ViewState state(List<Event> events, List<Integer> order) {
        ViewState state = view.empty();
        for (int sequence : order) {
            Contribution contribution = view.contribution(events.get(sequence), sequence);
            if (contribution != null) {
                state.add(contribution);
            }
        }
        return state;
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void valuesChangeWithoutAnEventExactlyWhenAnExpiryIsDue(long seed) {
        Random random = new Random(seed);
        List<Event> events = events(random, 60);
        ViewState state =
                state(events, java.util.stream.IntStream.range(0, 60).boxed().toList());
        long now = state.eventMicros();
        for (long next = state.nextExpiryMicros(now); next != Long.MAX_VALUE; next = state.nextExpiryMicros(now)) {
            assertThat(next).isGreaterThan(now);
            assertThat(values(state, next - 1)).isEqualTo(values(state, now));
            now = next;
        }
        assertThat(values(state, now))
                .isEqualTo(values(state, now + Duration.ofDays(1000).toNanos() / 1000));
    }

    private static List<@Nullable Object> values(ViewState state, long streamMicros) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < MANY.size(); i++) {
            values.add(state.value(i, streamMicros));
        }
        return values;
    }

    @Test
    void aWindowIsRoundedOutwardToATileAtItsTail() {
        ViewAggregation week =
                new ViewAggregation(List.of(aggregation("count", null, "7d", Dtype.INT64, 0, "purchase")));
        ViewState state = week.empty();
        Instant morning = Instant.parse("2026-11-16T00:00:00Z");
        state.add(Objects.requireNonNull(week.contribution(event("purchase", morning, 1), 0)));

        assertThat(state.value(0, ViewAggregation.micros(Instant.parse("2026-11-23T23:59:59Z"))))
                .isEqualTo(1L);
        assertThat(state.value(0, ViewAggregation.micros(Instant.parse("2026-11-24T00:00:00Z"))))
                .isEqualTo(0L);
    }

    @Test
    void ofTwoEventsAtOneMicrosecondTheLaterArrivalIsTheLast() {
        ViewAggregation last = new ViewAggregation(List.of(aggregation("last", "value.price", null, Dtype.FLOAT64, 0)));
        ViewState state = last.empty();
        state.add(Objects.requireNonNull(last.contribution(event("item", NOON, 2), 8)));
        state.add(Objects.requireNonNull(last.contribution(event("item", NOON, 1), 7)));

        assertThat(state.value(0, state.eventMicros())).isEqualTo(2 * 0.1);
    }

    @Test
    void whatAnEventDoesNotConcernItDoesNotTouch() {
        ViewAggregation purchases =
                new ViewAggregation(List.of(aggregation("sum", "value.price", null, Dtype.FLOAT64, 0, "purchase")));

        assertThat(purchases.contribution(event("view", NOON, 1), 0)).isNull();
        Event priceless = new Event("e", "purchase", NOON, Map.of("item", "a"), null, Map.of("price", "much"), null);
        assertThat(purchases.contribution(priceless, 0)).isNull();
    }

    @Test
    void featuresThatDifferInTheirWindowOnlyShareTiles() {
        ViewAggregation view = new ViewAggregation(List.of(
                aggregation("count", null, "7d", Dtype.INT64, 0, "purchase"),
                aggregation("count", null, "56d", Dtype.INT64, 0, "purchase"),
                aggregation("count", null, "1h", Dtype.INT64, 0, "purchase")));

        assertThat(view.series()).hasSize(2);
        assertThat(Aggregation.hop(Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(Aggregation.hop(Duration.ofDays(2))).isEqualTo(Duration.ofHours(1));
        assertThat(Aggregation.hop(Duration.ofDays(3))).isEqualTo(Duration.ofDays(1));
    }

    /** The documented meaning, from the raw events: a window is [floor(t - w, hop), t]. */
    private static @Nullable Object bruteForce(Aggregation aggregation, List<Event> events, long streamMicros) {
        Duration window = aggregation.timeWindow();
        long from = Long.MIN_VALUE;
        if (window != null) {
            long hop = Aggregation.hop(window).toNanos() / 1000;
            from = Math.floorDiv(streamMicros - window.toNanos() / 1000, hop) * hop;
        }
        long first = from;
        List<Event> inside = events.stream()
                .filter(event ->
                        aggregation.types().isEmpty() || aggregation.types().contains(event.type()))
                .filter(event -> ViewAggregation.micros(event.time()) >= first)
                .sorted(Comparator.comparing(Event::time)) // stable: arrival decides between equal times
                .toList();
        List<Object> values = inside.stream()
                .map(event -> aggregation.column() == null
                        ? (Object) true
                        : aggregation.column().of(event))
                .filter(Objects::nonNull)
                .map(Object.class::cast)
                .toList();
        return switch (aggregation.function()) {
            case COUNT -> (long) values.size();
            case SUM ->
                aggregation.dtype() == Dtype.INT64
                        ? (Object)
                                values.stream().mapToLong(each -> (Long) each).sum()
                        : (Object) exactSum(values);
            case MEAN -> values.isEmpty() ? null : exactSum(values) / values.size();
            case MIN -> values.stream().min(ViewAggregationTest::compare).orElse(null);
            case MAX -> values.stream().max(ViewAggregationTest::compare).orElse(null);
            case LAST -> values.isEmpty() ? null : values.getLast();
            case LAST_DISTINCT -> {
                Set<Object> newestFirst = new LinkedHashSet<>(values.reversed());
                yield newestFirst.stream().limit(aggregation.n()).toList();
            }
        };
    }

    private static double exactSum(List<Object> values) {
        return values.stream()
                .map(each -> new java.math.BigDecimal((Double) each))
                .reduce(java.math.BigDecimal.ZERO, java.math.BigDecimal::add)
                .doubleValue();
    }

    private static int compare(Object a, Object b) {
        return a instanceof Long number ? number.compareTo((Long) b) : ((Double) a).compareTo((Double) b);
    }

    /** Two months of events, mostly in order, some late, some at the same time. */
    private static List<Event> events(Random random, int size) {
        List<Event> events = new ArrayList<>();
        Instant now = NOON;
        String[] types = {"view", "basket", "purchase", "item"};
        for (int i = 0; i < size; i++) {
            now = now.plus(random.nextLong(random.nextInt(5) == 0 ? 86_400_000_000L : 900_000_000L), ChronoUnit.MICROS);
            Instant time = switch (random.nextInt(10)) {
                case 0 -> now.minus(random.nextLong(40 * 86_400_000_000L), ChronoUnit.MICROS);
                case 1 -> events.isEmpty() ? now : events.getLast().time();
                default -> now;
            };
            events.add(event(types[random.nextInt(types.length)], time, random.nextInt(50)));
        }
        return events;
    }

    private static Event event(String type, Instant time, int number) {
        Map<String, Object> value = number % 7 == 6
                ? Map.of("quantity", (long) number)
                : Map.of(
                        "quantity",
                        (long) number,
                        "price",
                        number * 0.1,
                        "in_stock",
                        number % 2 == 0,
                        "description",
                        "item " + number);
        return new Event("e" + number, type, time, Map.of("item", "i" + number % 9), null, value, null);
    }

    private static Aggregation aggregation(
            String function, @Nullable String column, @Nullable String window, Dtype dtype, int n, String... types) {
        return new Aggregation(
                function + column + window + dtype,
                AggregationFunction.named(function).orElseThrow(),
                column == null ? null : Column.parse(column).orElseThrow(),
                Set.of(types),
                n,
                window == null ? null : Duration.parse(window.endsWith("d") ? "P" + window : "PT" + window),
                dtype);
    }

    private interface Body {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] bytes(Body body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        body.write(out);
        out.flush();
        return bytes.toByteArray();
    }
}
