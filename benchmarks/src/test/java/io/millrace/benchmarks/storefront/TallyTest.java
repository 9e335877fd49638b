package io.millrace.benchmarks.storefront;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void countsOnlyAWholeAnswer() {
        answer(200, "{\"degraded\":[],\"results\":[{},{}]}");
        answer(200, "{\"degraded\":[],\"results\":[{}]}");
        answer(200, "{\"degraded\":[{\"step\":\"rank\"}],\"results\":[{},{}]}");

        assertThat(tally.whole()).isEqualTo(1);
        assertThat(tally.degraded()).isEqualTo(1);
        assertThat(tally.others()).isEqualTo(1);
        assertThat(tally)
                .hasToString("degraded 1 (the first: [{\"step\":\"rank\"}]), short 1 (the first: 1 results), failed 0");
    }

    @Test
    void saysHowTheFirstOneFailed() {
        answer(503, "{\"type\":\"/problems/step-failed\",\"detail\":\"rank: timeout\"}");
        answer(500, "oh");

        assertThat(tally.toString()).endsWith("failed 2 (the first: 503 /problems/step-failed: rank: timeout)");
    }

    @Test
    void takesAnAnswerThatIsNoJsonForAFailure() {
        answer(502, "<html>");

        assertThat(tally.toString()).contains("failed 1 (the first: 502, no JSON");
    }

    private void answer(int status, String body) {
        tally.add(Answer.of(status, body.getBytes(UTF_8), 2));
    }
}
