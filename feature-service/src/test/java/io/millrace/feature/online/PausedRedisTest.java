package io.millrace.feature.online;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.millrace.feature.FeatureException;
import io.millrace.local.infra.FreePort;
import io.millrace.local.infra.RedisServer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis of its own, which is stopped as a process and goes on. */
class PausedRedisTest {

    private static final int MAX_IN_FLIGHT = 500;
    private static final byte[] KEY = "k".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private RedisServer server;
    private RedisLink link;

    @BeforeEach
    void start() throws Exception {
        Path binaries =
                Path.of(System.getProperty("java.io.tmpdir"), "millrace-binaries-" + System.getProperty("user.name"));
        server = RedisServer.start(folder, binaries, FreePort.any(), false, Redirect.DISCARD);
        link = new RedisLink(
                RedisURI.create("127.0.0.1", server.port()), "paused", MAX_IN_FLIGHT, Duration.ofSeconds(1));
        awaitAnswer();
    }

    @AfterEach
    void stop() throws Exception {
        signal("CONT");
        link.close();
        server.close();
    }

    @Test
    void whatWaitsForAPausedRedisIsBoundedAndSoonFailsAtOnceUntilItGoesOn() throws Exception {
        signal("STOP");
        List<RedisFuture<byte[]>> sent = new ArrayList<>();
        for (int i = 0; i < 4 * MAX_IN_FLIGHT; i++) {
            sent.add(link.commands().get(KEY));
        }
        // A few more than the limit are Lettuce's own; what is above is refused as soon as its turn comes.
        await().pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(sent.stream().filter(each -> !each.isDone()))
                        .hasSizeLessThanOrEqualTo(MAX_IN_FLIGHT + 10));
        assertThat(sent.stream().filter(RedisFuture::isDone)).hasSizeGreaterThan(2 * MAX_IN_FLIGHT);

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThatThrownBy(link::commands)
                        .isInstanceOf(FeatureException.OnlineStoreUnavailable.class)
                        .hasMessage("the online store cannot be reached"));
        assertThat(sent).as("nothing waits any more").allMatch(RedisFuture::isDone);

        signal("CONT");
        awaitAnswer();
    }

    private void awaitAnswer() {
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptionsMatching(
                        e -> e instanceof FeatureException.OnlineStoreUnavailable || e instanceof ExecutionException)
                .until(() -> link.commands().set(KEY, KEY).get().equals("OK"));
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(server.process().pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }
}
