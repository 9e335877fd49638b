package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.system.Traffic.Degradation;
import io.millrace.system.Traffic.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/**
 * Breaks one part of a running Millrace after another while callers go on asking, and holds every answer against what
 * README and pipeline promise: 200 inside the deadline, saying what it was made without, and whole again soon after the
 * part is back.
 */
@Tag("faults")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {

    private static final Duration BROKEN = Duration.ofSeconds(6);
    /** A call that was under way, and a connection that nobody has closed, may see the break in another way. */
    private static final Duration NOTICED = Duration.ofSeconds(1);

    /** gRPC tries again after a second and, if that was too early, after 1.6 s more, each a fifth more or less. */
    private static final Duration RECONNECTED = Duration.ofSeconds(4);

    private static final Duration BACK = Duration.ofSeconds(10);
    private static final Duration DEADLINE = Duration.ofMillis(200); // of applications/storefront/application.yaml

    /** There and back through the gateway, on a machine that does everything at once. */
    private static final Duration WAY = Duration.ofMillis(150);

    private static final Set<String> AWAY = Set.of("unavailable", "timeout");
    private static final Set<String> FAILING = Set.of("error");

    private final Millrace millrace = Millrace.fresh("faults");
    private final FaultReport report = new FaultReport();
    private Gateway gateway;
    private Traffic traffic;

    /** Breaks a part and, when the result is closed, mends it; it is back when that returns. */
    private interface Fault {
        AutoCloseable begin();
    }

    /** A degradation that answers are to have. */
    private record Expected(String step, Set<String> causes, String used) {

        boolean matches(Degradation degradation) {
            return degradation.step().equals(step)
                    && causes.contains(degradation.cause())
                    && degradation.used().equals(used);
        }
    }

    @BeforeAll
    void starts() {
        Millrace.Said said = millrace.run("up", "--detach");
        assertThat(said.exitCode()).as(said.output()).isZero();
        gateway = new Gateway(millrace.gateway(), millrace.key());
        traffic = new Traffic(gateway);
    }

    @AfterAll
    void ends() {
        traffic.close();
        millrace.run("down");
        assertThat(millrace.processes()).isEmpty();
        report.write();
    }

    @TestFactory
    Stream<DynamicTest> answersWithoutRedis() {
        return Stream.of(
                test("Redis killed", killed("redis"), withoutFeatures(AWAY)),
                test("Redis paused", paused("redis"), withoutFeatures(AWAY)),
                test("Redis refuses reads", refusingReads(), withoutFeatures(AWAY)));
    }

    @TestFactory
    Stream<DynamicTest> answersWithoutFeatureService() {
        return eachWay("feature-service", 2, FaultsIT::withoutFeatures);
    }

    @TestFactory
    Stream<DynamicTest> answersWithoutVectorService() {
        return eachWay("vector-service", 3, causes -> List.of(new Expected("candidates", causes, "popular")));
    }

    @TestFactory
    Stream<DynamicTest> answersWithoutInferenceService() {
        return eachWay(
                "inference-service",
                4,
                causes -> List.of(
                        new Expected("query", causes, ""),
                        new Expected("candidates", Set.of("dependency"), "popular"),
                        new Expected("rank", causes, "items.purchases_7d")));
    }

    @TestFactory
    Stream<DynamicTest> answersWholeWithoutPostgres() {
        return Stream.of(
                test("Postgres killed", killed("postgres"), List.of()),
                test("Postgres paused", paused("postgres"), List.of()));
    }

    @TestFactory
    Stream<DynamicTest> answersWholeWithoutKafkaAndLosesNeitherEventNorRecord() {
        return Stream.of(
                test("Kafka killed", withEvents(killed("kafka")), List.of()),
                test("Kafka paused", withEvents(paused("kafka")), List.of()));
    }

    @Test
    void startsWithoutPostgresFromWhatItKnew() throws Exception {
        try (AutoCloseable _ = killed("postgres").begin()) {
            command("stop", "app-service");
            command("start", "app-service");
            assertThat(traffic.untilWhole(Instant.now(), BACK)).isLessThan(BACK);
        }
    }

    @Test
    void keepsTheRecordsOfItsAnswersWhenAppServiceIsKilledWithoutKafka() throws Exception {
        traffic.untilWhole(Instant.now(), Duration.ofSeconds(30));
        List<Seen> answered = new ArrayList<>();
        try (AutoCloseable _ = killed("kafka").begin()) {
            Instant without = Instant.now();
            traffic.untilWhole(without, BACK);
            Instant killing = Instant.now(); // the command takes longer than a record waits for the disk
            command("stop", "app-service", "--kill");
            answered.addAll(traffic.between(without, killing));

            command("start", "app-service");
            Instant again = Instant.now();
            assertThat(traffic.untilWhole(again, BACK)).isLessThan(BACK);
            answered.addAll(traffic.between(again, Instant.now()));
        }

        assertThat(answered).hasSizeGreaterThan(15).allMatch(seen -> seen.status() == 200);
        awaitRecords(answered);
    }

    @Test
    void knowsWhatHappenedBeforeRedisWasKilled() throws Exception {
        Events events = new Events(gateway, "before-redis");
        events.send();
        Millrace.await("the event's features", BACK, () -> events.lost().isEmpty());
        killed("redis").begin().close();

        Millrace.await("the event's features again", BACK, () -> events.lost().isEmpty());
    }

    @Test
    void answersWhileRedisIsFilledAgain() {
        traffic.untilWhole(Instant.now(), Duration.ofSeconds(30));
        Instant emptied = Instant.now();
        millrace.redis("FLUSHALL");
        Duration untilWhole = traffic.untilWhole(emptied, BACK.plusSeconds(20));

        List<Seen> all = traffic.between(emptied, Instant.now());
        report.add("Redis emptied", List.of("items, rank until it is filled"), all, all, untilWhole);
        assertThat(all)
                .filteredOn(seen -> !isAnswered(seen))
                .as("not answered whole or in time")
                .isEmpty();
        assertThat(untilWhole).isLessThanOrEqualTo(BACK);
    }

    private Stream<DynamicTest> eachWay(
            String part, int port, java.util.function.Function<Set<String>, List<Expected>> expected) {
        return Stream.of(
                test(part + " killed", killed(part), expected.apply(AWAY)),
                test(part + " paused", paused(part), expected.apply(AWAY)),
                test(part + " answers with errors", failing(part, port), expected.apply(FAILING)));
    }

    private static List<Expected> withoutFeatures(Set<String> causes) {
        return List.of(
                new Expected("customer", causes, "defaults"),
                new Expected("items", causes, ""),
                new Expected("rank", Set.of("dependency"), "candidates.score"));
    }

    private Fault killed(String part) {
        return () -> {
            command("stop", part, "--kill");
            return () -> command("start", part);
        };
    }

    private Fault paused(String part) {
        return () -> {
            List<Long> processes = millrace.processesOf(part);
            processes.forEach(process -> Millrace.signal("STOP", process));
            return () -> processes.forEach(process -> Millrace.signal("CONT", process));
        };
    }

    private Fault failing(String part, int port) {
        return () -> {
            command("stop", part);
            FailingServer server = new FailingServer(millrace.portBase() + 1000 + port);
            Instant started = Instant.now();
            Millrace.await(
                    "an answer of the failing server",
                    RECONNECTED,
                    () -> traffic.between(started, Instant.now()).stream()
                            .flatMap(seen -> seen.degraded().stream())
                            .anyMatch(degradation -> FAILING.contains(degradation.cause())));
            return () -> {
                server.close();
                command("start", part);
            };
        };
    }

    /**
     * Sends events all the time; each must be taken for good or refused with a time to come again. The record of every answer
     * that is given meanwhile must arrive in the end.
     */
    private Fault withEvents(Fault fault) {
        return () -> {
            Instant begun = Instant.now();
            Events events = new Events(gateway, "event-" + Instant.now().toEpochMilli());
            events.send();
            events.start();
            AutoCloseable broken = fault.begin();
            return () -> {
                int refused = events.refused();
                broken.close();
                Millrace.await("events to be taken again", BACK, events::lastWasTaken);
                events.close();
                assertThat(events.otherwise())
                        .as("neither taken nor refused as documented")
                        .isEmpty();
                assertThat(refused).as("refused while Kafka was away").isPositive();
                Millrace.await(
                        "every event's features",
                        Duration.ofSeconds(30),
                        () -> events.lost().isEmpty());
                List<Seen> answered = traffic.between(begun, Instant.now());
                assertThat(answered).isNotEmpty();
                awaitRecords(answered);
            };
        };
    }

    private void awaitRecords(List<Seen> answered) {
        List<Seen> unrecorded = new ArrayList<>(answered);
        Millrace.await("the record of every answer", Duration.ofSeconds(30), () -> {
            unrecorded.removeIf(seen ->
                    gateway.get("/v1/predictions/" + seen.predictionId()).status() == 200);
            return unrecorded.isEmpty();
        });
    }

    private Fault refusingReads() {
        return () -> {
            millrace.redis("ACL SETUSER default -hmget");
            return () -> millrace.redis("ACL SETUSER default +hmget");
        };
    }

    private void command(String... arguments) {
        Millrace.Said said = millrace.run(arguments);
        assertThat(said.exitCode()).as(said.output()).isZero();
    }

    private DynamicTest test(String name, Fault fault, List<Expected> expected) {
        return DynamicTest.dynamicTest(name, () -> {
            traffic.untilWhole(Instant.now(), Duration.ofSeconds(30));
            Instant begun = Instant.now();
            Instant broken;
            try (AutoCloseable _ = fault.begin()) {
                broken = Instant.now();
                Instant mended = broken.plus(BROKEN);
                Millrace.await(
                        "the break to last",
                        BROKEN.plusSeconds(1),
                        () -> Instant.now().isAfter(mended));
            }
            Instant back = Instant.now();
            Duration untilWhole = traffic.untilWhole(back, BACK.plusSeconds(20));

            List<Seen> all = traffic.between(begun, Instant.now());
            // who asks later than this may still wait when the part is back
            List<Seen> without =
                    traffic.between(broken.plus(NOTICED), broken.plus(BROKEN).minus(DEADLINE));
            report.add(name, expected.stream().map(Expected::step).toList(), all, without, untilWhole);
            assertThat(all)
                    .filteredOn(seen -> !isAnswered(seen))
                    .as("not answered whole or in time")
                    .isEmpty();
            assertThat(without).hasSizeGreaterThan(10);
            assertThat(without)
                    .filteredOn(seen -> !isDegraded(seen, expected))
                    .as("instead of " + expected)
                    .isEmpty();
            assertThat(untilWhole).isLessThanOrEqualTo(BACK);
        });
    }

    private static boolean isAnswered(Seen seen) {
        return seen.status() == 200
                && seen.results() == Traffic.LIMIT
                && seen.total().compareTo(DEADLINE) <= 0
                && seen.waited().compareTo(DEADLINE.plus(WAY)) <= 0;
    }

    private static boolean isDegraded(Seen seen, List<Expected> expected) {
        return seen.degraded().size() == expected.size()
                && expected.stream().allMatch(one -> seen.degraded().stream().anyMatch(one::matches));
    }
}
