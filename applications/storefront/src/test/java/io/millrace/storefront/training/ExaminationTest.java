package io.millrace.storefront.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.wire.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExaminationTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /**
     * Two items, one chosen three times as often, shown first nine times in ten: without the propensities the second place
     * seems to be looked at far less than it is, which is half as often.
     */
    @Test
    void whatAPolicyPutsFirstIsNotTakenForWhatIsLookedAtFirst() {
        assertThat(Math.exp(examination(true).logarithm(1))).isCloseTo(0.5, within(0.05));
        assertThat(Math.exp(examination(false).logarithm(1))).isLessThan(0.4);
    }

    @Test
    void theFirstPlaceIsWhatOthersAreComparedWith() {
        assertThat(examination(true).logarithm(0)).isZero();
    }

    private static Examination examination(boolean logged) {
        Random random = new Random(1);
        InteractionLog.Builder builder = new InteractionLog.Builder();
        for (int page = 0; page < 20_000; page++) {
            Instant time = START.plus(Duration.ofHours(page));
            boolean goodFirst = random.nextDouble() < 0.9;
            Map<String, Object> value = new LinkedHashMap<>();
            value.put("items", goodFirst ? "good bad" : "bad good");
            if (logged) {
                value.put("propensities", goodFirst ? "0.9 0.9" : "0.1 0.1");
            }
            builder.add(new Event("p" + page, "impression", time, Map.of("customer", "c"), null, value, null));
            choose(builder, random, page, time, "good", goodFirst ? 0.3 : 0.15);
            choose(builder, random, page, time, "bad", goodFirst ? 0.05 : 0.1);
        }
        InteractionLog log = builder.build();
        return Examination.of(log.pages(), new Pages(log), Choices.ofAnyKind(log));
    }

    private static void choose(
            InteractionLog.Builder builder, Random random, int page, Instant time, String item, double chance) {
        if (random.nextDouble() < chance) {
            Map<String, String> entities = new LinkedHashMap<>();
            entities.put("customer", "c");
            entities.put("item", item);
            builder.add(new Event(item + page, "view", time.plusSeconds(10), entities, null, Map.of(), null));
        }
    }
}
