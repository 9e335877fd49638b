package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.local.supervision.RunningParts.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningPartsTest {

    private static final List<String> SLEEP = List.of("sleep", "600");

    @TempDir
    private Path folder;

    private StateFolder state;
    private RunningParts parts;
    private final List<String> shown = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void begin() {
        state = new StateFolder(folder);
        parts = new RunningParts(state);
    }

    @AfterEach
    void leaveNothing() {
        parts.stop(this::show);
    }

    private void show(String part, PartState to, String detail) {
        shown.add(part + " " + to);
    }

    @Test
    void endInTheReverseOfTheirStart() throws Exception {
        Process kafka = parts.start("kafka", Stage.INFRASTRUCTURE, SLEEP, Map.of());
        Process feature = parts.start("feature-service", Stage.BACKENDS, SLEEP, Map.of());
        Process gateway = parts.start("gateway-service", Stage.GATEWAY, SLEEP, Map.of());

        parts.stop(this::show);

        assertThat(shown).containsExactly("gateway-service stopped", "feature-service stopped", "kafka stopped");
        assertThat(List.of(kafka, feature, gateway)).noneMatch(Process::isAlive);
        assertThat(new ProcessRecords(state.run()).alive()).isEmpty();
    }

    @Test
    void aPartThatEndsByItselfIsNamed() throws Exception {
        parts.start("kafka", Stage.INFRASTRUCTURE, SLEEP, Map.of());
        parts.start("redis", Stage.INFRASTRUCTURE, List.of("sh", "-c", "echo out of memory; exit 3"), Map.of());

        assertThatThrownBy(() -> parts.watch(Map.of(), this::show))
                .isInstanceOfSatisfying(
                        PartFailed.class, failed -> assertThat(failed.part()).isEqualTo("redis"))
                .hasMessage("redis has ended by itself.");
        assertThat(LogTail.of(state.log("redis"), 20)).containsExactly("out of memory");
    }

    @Test
    void aPartRestsAndRunsAgain() throws Exception {
        var held = new HeldParts(state);
        List<Process> processes = Collections.synchronizedList(new ArrayList<>());
        Concurrently.Start redis = () -> processes.add(parts.start("redis", Stage.INFRASTRUCTURE, SLEEP, Map.of()));
        redis.run();
        held.hold("redis", HeldParts.Manner.KILLED);
        Thread watching = Thread.ofVirtual().start(() -> watch(Map.of("redis", redis)));

        parts.await(
                "redis",
                "to rest",
                Duration.ofSeconds(10),
                () -> !processes.getFirst().isAlive());
        assertThat(processes).hasSize(1);
        held.release("redis");
        parts.await("redis", "to run again", Duration.ofSeconds(10), () -> processes.size() == 2);

        assertThat(watching.isAlive()).isTrue();
        assertThat(processes.getLast().isAlive()).isTrue();
        parts.stop(this::show);
        watching.join();
    }

    private void watch(Map<String, Concurrently.Start> starts) {
        try {
            parts.watch(starts, this::show);
        } catch (PartFailed e) {
            assertThat(e).hasMessage("Millrace is being stopped.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatNeverBecomesTrueIsGivenUp() {
        assertThatThrownBy(() -> parts.await("kafka", "to serve", Duration.ofMillis(100), () -> false))
                .isInstanceOf(PartFailed.class)
                .hasMessage("kafka: to serve took longer than 0 s.");
    }

    @Test
    void nothingIsStartedAfterTheStop() {
        parts.stop(this::show);

        assertThatThrownBy(() -> parts.start("kafka", Stage.INFRASTRUCTURE, SLEEP, Map.of()))
                .isInstanceOf(PartFailed.class);
        assertThat(parts.isStopping()).isTrue();
    }

    @Test
    void runInSessionsOfTheirOwnSoThatCtrlCReachesOnlyTheLauncher() throws Exception {
        Process part = parts.start(
                "kafka", Stage.INFRASTRUCTURE, List.of("sh", "-c", "ps -o sid= -p $$; sleep 600"), Map.of());

        parts.await(
                "kafka",
                "to say its session",
                Duration.ofSeconds(10),
                () -> !LogTail.of(state.log("kafka"), 1).isEmpty());

        assertThat(LogTail.of(state.log("kafka"), 1).getFirst().strip()).isEqualTo(Long.toString(part.pid()));
    }

    @Test
    void theLogOfTheRunBeforeIsKept() throws Exception {
        parts.start("redis", Stage.INFRASTRUCTURE, List.of("sh", "-c", "echo first"), Map.of())
                .waitFor();
        new RunningParts(state)
                .start("redis", Stage.INFRASTRUCTURE, List.of("sh", "-c", "echo second"), Map.of())
                .waitFor();

        assertThat(LogTail.of(state.log("redis"), 20)).containsExactly("second");
        assertThat(LogTail.of(state.log("redis.previous"), 20)).containsExactly("first");
    }
}
