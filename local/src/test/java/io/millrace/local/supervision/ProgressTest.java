package io.millrace.local.supervision;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, UTF_8);

    @Test
    void aLineHasTheSecondsThePartItsStateAndWhatItSays() {
        assertThat(new ProgressLine(7.44, "feature-service", PartState.READY, ":8082"))
                .hasToString("[  7.4s] feature-service    ready     :8082");
    }

    @Test
    void intoAFileOnlyChangesOfStateAreAppended() {
        var progress = new LineProgress(out);
        progress.show("data", PartState.RUNNING, "1 of 3");
        progress.show("data", PartState.RUNNING, "2 of 3");
        progress.show("data", PartState.DONE, "3 of 3");

        assertThat(said().lines().map(line -> line.substring(9)))
                .containsExactly("data               running   1 of 3", "data               done      3 of 3");
    }

    @Test
    void onATerminalThePartsOwnLineIsRewritten() {
        var progress = new TerminalProgress(out);
        progress.show("kafka", PartState.STARTING, "");
        progress.show("redis", PartState.STARTING, "");
        progress.show("kafka", PartState.READY, ":8092");

        assertThat(said())
                .contains("redis              starting\n\u001b[2A\r\u001b[2K[")
                .endsWith("kafka              ready     :8092\u001b[2B\r");
    }

    @Test
    void onATerminalALineThatWouldWrapIsCut() {
        new TerminalProgress(out).show("data", PartState.RUNNING, "x".repeat(200));

        assertThat(said().strip()).hasSize(79).endsWith("x…");
    }

    private String said() {
        return bytes.toString(UTF_8);
    }
}
