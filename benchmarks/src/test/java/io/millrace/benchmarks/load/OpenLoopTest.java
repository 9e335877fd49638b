package io.millrace.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.benchmarks.load.OpenLoop.Observed;
import io.millrace.benchmarks.storefront.Answer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.JsonNodeFactory;

class OpenLoopTest {

    private static final Answer WHOLE = new Answer.Whole(JsonNodeFactory.instance.objectNode());

    @Test
    void arrivalsAreTheSameEveryTimeAndKeepTheirRate() {
        Arrivals arrivals = Arrivals.poisson(100, 10_000, 17);

        assertThat(arrivals.nanos())
                .isEqualTo(Arrivals.poisson(100, 10_000, 17).nanos())
                .isSorted();
        assertThat(arrivals.nanos()[9_999] / 1e9).isCloseTo(100, within(3.0));
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aRequestWithoutAnAnswerDelaysNoOther() throws Exception {
        var allSent = new CountDownLatch(50);

        List<Observed> observed = OpenLoop.run(Arrivals.poisson(1_000, 50, 17), _ -> {
            allSent.countDown();
            try {
                allSent.await(); // a loop that waits for an answer before it sends the next would stay here
            } catch (InterruptedException e) {
                return new Answer.Failed(e.toString());
            }
            return WHOLE;
        });

        assertThat(observed).hasSize(50).extracting(Observed::answer).containsOnly(WHOLE);
        assertThat(observed.getFirst().nanos())
                .as("the first has waited for the last to be sent")
                .isGreaterThan(observed.getLast().nanos());
    }

    @Test
    void countsWhatIsWholeAndInTime() {
        List<Observed> observed = Stream.of(
                        new Observed(WHOLE, 10_000_000),
                        new Observed(WHOLE, 90_000_000),
                        new Observed(new Answer.Degraded("candidates"), 20_000_000),
                        new Observed(new Answer.Failed("503"), 5_000_000))
                .toList();

        Summary summary = Summary.of(10, observed, Duration.ofMillis(80));

        assertThat(summary).hasToString("| 10 | 4 | 10.0 | 90.0 | 25.0 % | 25.0 % | 25.0 % |");
    }
}
