package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SampleSourceTest {

    private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

    private final InteractionLog.Builder builder = new InteractionLog.Builder();
    private int events;

    @Test
    void inAVisitTheTargetsAreWhatIsChosenOfWhatIsShownInItsRest() {
        show(0, "a b c");
        view(1, "a");
        show(2, "d e f");
        view(3, "e");
        view(4, "z");
        show(100, "g h i");
        view(101, "g");
        InteractionLog log = builder.build();

        List<TowerSample> samples = samples(log, minute(1000), moment(log, 2, "a"));

        assertThat(samples).hasSize(1);
        assertThat(ids(log, samples.getFirst().targets())).containsExactly("e");
        assertThat(ids(log, samples.getFirst().alternatives())).containsExactly("d", "e", "f");
    }

    @Test
    void whatTheSessionAlreadyHasIsNeitherTargetNorAlternative() {
        show(0, "a b");
        view(1, "a");
        view(2, "b");
        InteractionLog log = builder.build();

        List<TowerSample> samples = samples(log, minute(1000), moment(log, 0, "a"));

        assertThat(ids(log, samples.getFirst().targets())).containsExactly("b");
        assertThat(ids(log, samples.getFirst().alternatives())).containsExactly("b");
    }

    @Test
    void nothingFromTheCutOnIsSeen() {
        show(0, "a b");
        view(1, "a");
        show(5, "c d");
        view(6, "c");
        InteractionLog log = builder.build();

        TowerSample sample = samples(log, minute(5), moment(log, 0)).getFirst();

        assertThat(ids(log, sample.targets())).containsExactly("a");
        assertThat(ids(log, sample.alternatives())).containsExactly("a", "b");
        assertThat(samples(log, minute(0), moment(log, 0))).isEmpty();
    }

    @Test
    void inSomeEpochsAPageIsToBeFoundFromTheRestOfItsVisit() {
        show(0, "a b");
        view(1, "a");
        show(2, "d e f");
        view(3, "e");
        InteractionLog log = builder.build();
        SampleSource source = source(log, minute(9), moment(log, 0));
        Random random = new Random(1);

        Set<List<String>> seen = new LinkedHashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            TowerSample sample = source.epoch(random).getFirst();
            seen.add(List.of(
                    String.join("", ids(log, sample.input().session())),
                    String.join("", ids(log, sample.targets())),
                    String.join("", ids(log, sample.alternatives()))));
        }

        assertThat(seen).containsExactlyInAnyOrder(List.of("", "ae", "abdef"), List.of("e", "a", "ab"));
    }

    @Test
    void ofALongHistoryEachEpochSeesAnotherPart() {
        show(0, "a b");
        view(1, "a");
        InteractionLog log = builder.build();
        int[] history = new int[100];
        Arrays.fill(history, log.items().find("b"));
        SampleSource source =
                source(log, minute(9), new SampleSource.Moment(0, minute(0), new TowerInput(history, new int[0])));
        Random random = new Random(1);

        int[] lengths = new int[20];
        Arrays.setAll(lengths, _ -> source.epoch(random).getFirst().input().recent().length);

        assertThat(Arrays.stream(lengths).distinct().count()).isGreaterThan(10);
        assertThat(Arrays.stream(lengths).max().orElseThrow()).isBetween(60, 100);
    }

    private static List<TowerSample> samples(InteractionLog log, long cut, SampleSource.Moment moment) {
        return source(log, cut, moment).epoch(new Random(1));
    }

    private static SampleSource source(InteractionLog log, long cut, SampleSource.Moment moment) {
        return SampleSource.ofVisits(cut, List.of(moment), new Pages(log), Choices.ofAnyKind(log), 1e15);
    }

    private static SampleSource.Moment moment(InteractionLog log, int minute, String... session) {
        int[] items = Arrays.stream(session).mapToInt(log.items()::find).toArray();
        return new SampleSource.Moment(0, minute(minute), new TowerInput(items, items));
    }

    private void show(int minute, String items) {
        add("impression", minute, Map.of("customer", "c"), Map.of("items", items));
    }

    private void view(int minute, String item) {
        Map<String, String> entities = new LinkedHashMap<>();
        entities.put("customer", "c");
        entities.put("item", item);
        add("view", minute, entities, Map.of());
    }

    private void add(String type, int minute, Map<String, String> entities, Map<String, Object> value) {
        builder.add(
                new Event("e" + events++, type, START.plus(Duration.ofMinutes(minute)), entities, null, value, null));
    }

    private static long minute(int minute) {
        return Moments.micros(START.plus(Duration.ofMinutes(minute)));
    }

    private static String[] ids(InteractionLog log, int[] items) {
        return Arrays.stream(items).mapToObj(log.items()::id).toArray(String[]::new);
    }
}
