package io.millrace.benchmarks.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.onnxruntime.OrtException;
import com.sun.management.OperatingSystemMXBean;
import io.millrace.benchmarks.Benchmark;
import io.millrace.benchmarks.Target;
import io.millrace.inference.model.RefusedModelException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * What batching, admission and gRPC cost, against ONNX Runtime alone. Both run by turns in one run, after a warm-up, and the
 * median of the turns' ratios counts, so that what else the machine does meanwhile meets both.
 */
public final class InferenceBenchmark implements Benchmark {

    private static final int ROUNDS = 9;
    private static final int CALLERS = 64;
    private static final int GRPC_CALLERS = 4;
    private static final int GRPC_ROWS = 64;
    private static final Duration TURN = Duration.ofMillis(1500);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration GRPC_WARM_UP = Duration.ofSeconds(15); // docs/adr/0014
    private static final Duration DEADLINE = Duration.ofMillis(30); // the storefront's ranking step
    private static final String REPORT = "docs/reports/inference-benchmark.md";

    /** What can be measured alone, in the order in which all is. */
    private enum Part {
        CALLERS,
        CALLER,
        OVERLOAD,
        LATENCY,
        ROWS,
        GRPC;

        private static Part of(String word) {
            return Arrays.stream(values())
                    .filter(part -> part.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no part \"%s\"; known are %s".formatted(word, words(" "))));
        }

        private static String words(String between) {
            return Arrays.stream(values()).map(Part::word).collect(Collectors.joining(between));
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final List<Goal> goals = new ArrayList<>();
    private Set<Part> wanted = EnumSet.allOf(Part.class);

    @Override
    public String name() {
        return "inference";
    }

    @Override
    public Usage usage() {
        return new Usage(
                "[%s]".formatted(Part.words("|")),
                "batching, admission and gRPC against ONNX Runtime alone, by turns; all of it writes %s and takes 5 minutes."
                        .formatted(REPORT));
    }

    @Override
    public boolean run(Target millrace, List<String> arguments) throws IOException, InterruptedException {
        if (!arguments.isEmpty()) {
            wanted =
                    arguments.stream().map(Part::of).collect(Collectors.toCollection(() -> EnumSet.noneOf(Part.class)));
        }
        try {
            if (wants(Part.CALLERS, Part.CALLER, Part.OVERLOAD, Part.LATENCY)) {
                mid();
            }
            if (wants(Part.ROWS, Part.CALLER)) {
                mlp();
            }
            if (wants(Part.GRPC)) {
                overGrpc(millrace.home());
            }
        } catch (OrtException | RefusedModelException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        String table = table();
        System.out.println(table);
        if (!arguments.isEmpty()) {
            return goals.stream().allMatch(Goal::isReached);
        }
        Path report = millrace.home().resolve(REPORT);
        Files.createDirectories(report.getParent());
        Files.writeString(report, page(millrace.home(), table));
        return goals.stream().allMatch(Goal::isReached);
    }

    private boolean wants(Part... any) {
        return Arrays.stream(any).anyMatch(wanted::contains);
    }

    private void mid() throws OrtException, RefusedModelException, InterruptedException, ExecutionException {
        try (RawEngine raw = new RawEngine(Network.MID);
                Batched batched = new Batched(Network.MID, 1)) {
            batched.waitingCallers(CALLERS, WARM_UP);
            if (wanted.contains(Part.CALLERS)) {
                throughputOfManyCallers(raw, batched);
            }
            if (wanted.contains(Part.CALLER)) {
                overheadOfOneCaller(Network.MID, raw, batched);
            }
            if (wanted.contains(Part.OVERLOAD)) {
                overload(batched);
            }
            if (wanted.contains(Part.LATENCY)) {
                latencyBelowSaturation(raw, batched);
            }
        }
    }

    private void mlp() throws OrtException, RefusedModelException, InterruptedException, ExecutionException {
        try (RawEngine raw = new RawEngine(Network.MLP);
                Batched batched = new Batched(Network.MLP, 1)) {
            batched.callbacks(CALLERS, WARM_UP);
            if (wanted.contains(Part.ROWS)) {
                throughputOfSingleRows(raw, batched);
            }
            if (wanted.contains(Part.CALLER)) {
                overheadOfOneCaller(Network.MLP, raw, batched);
            }
        }
    }

    private void throughputOfManyCallers(RawEngine raw, Batched batched)
            throws InterruptedException, ExecutionException {
        int best = raw.bestBatch();
        var engine = new double[ROUNDS];
        var callers = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            engine[round] = raw.rate(best, 1, TURN);
            callers[round] = batched.waitingCallers(CALLERS, TURN);
        }
        show(Goal.atLeast(
                "batcher in process, `mid`, one instance, %d callers that wait, single rows".formatted(CALLERS),
                "%,.0f rows/s of the engine's %,.0f at batch %d on one thread"
                        .formatted(median(callers), median(engine), best),
                medianRatio(callers, engine),
                0.80,
                0.95));
    }

    private void throughputOfSingleRows(RawEngine raw, Batched batched) throws InterruptedException {
        var engine = new double[ROUNDS];
        var callers = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            engine[round] = raw.rate(64, 1, TURN);
            callers[round] = batched.callbacks(4 * CALLERS, TURN);
        }
        show(Goal.atLeast(
                "batcher in process, `mlp`, one instance, single rows, %d at a time".formatted(4 * CALLERS),
                "%,.0f rows/s of the engine's %,.0f at batch 64 on one thread"
                        .formatted(median(callers), median(engine)),
                medianRatio(callers, engine),
                0.10,
                0.25));
    }

    private void overheadOfOneCaller(Network network, RawEngine raw, Batched batched)
            throws OrtException, InterruptedException, ExecutionException {
        int calls = 4000;
        var engine = new long[calls];
        var caller = new long[calls];
        double woken;
        try (RawEngine.Loop loop = raw.new Loop(1)) {
            for (int warm = 0; warm < 2; warm++) {
                for (int i = 0; i < calls; i++) {
                    engine[i] = loop.run();
                    caller[i] = batched.ask();
                }
            }
            woken = medianWhenWoken(loop, calls);
        }
        Arrays.sort(engine);
        Arrays.sort(caller);
        double added = (caller[calls / 2] - woken) / 1e3;
        show(Goal.atMost(
                "one caller, `%s`: what queue and batching add at the median, in µs".formatted(network.title()),
                "%.0f µs; the engine alone %.0f µs on a thread that is woken for each run, %.0f µs on the caller's own"
                        .formatted(caller[calls / 2] / 1e3, woken / 1e3, engine[calls / 2] / 1e3),
                added,
                100));
    }

    /** The engine as any server has to have it, on a thread of its own, and nothing between it and the caller. */
    private static double medianWhenWoken(RawEngine.Loop loop, int calls)
            throws OrtException, InterruptedException, ExecutionException {
        var nanos = new double[calls];
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < calls; i++) {
                loop.run(); // as between two requests of the caller
                long started = System.nanoTime();
                thread.submit(loop::run).get();
                nanos[i] = System.nanoTime() - started;
            }
        }
        return median(nanos);
    }

    private void overload(Batched batched) throws InterruptedException, ExecutionException {
        var saturation = new double[ROUNDS];
        var inTime = new double[ROUNDS];
        var refused = new double[ROUNDS];
        var late = new double[ROUNDS];
        batched.stream(2 * batched.waitingCallers(CALLERS, TURN), DEADLINE, Duration.ofSeconds(3));
        for (int round = 0; round < ROUNDS; round++) {
            saturation[round] = batched.waitingCallers(CALLERS, TURN);
            Batched.Stream stream = batched.stream(2 * saturation[round], DEADLINE, Duration.ofSeconds(2));
            inTime[round] = stream.inTime();
            refused[round] = stream.refused();
            late[round] = stream.late();
        }
        show(Goal.atLeast(
                "goodput at twice the saturating load, `mid`, inside %d ms".formatted(DEADLINE.toMillis()),
                "%,.0f answers/s in time of %,.0f at saturation; %.0f %% refused at the door, %.1f %% late"
                        .formatted(median(inTime), median(saturation), 100 * median(refused), 100 * median(late)),
                medianRatio(inTime, saturation),
                0.85,
                0.97));
    }

    private void latencyBelowSaturation(RawEngine raw, Batched batched)
            throws OrtException, InterruptedException, ExecutionException {
        int best = raw.bestBatch();
        var ratio = new double[ROUNDS];
        var p50 = new double[ROUNDS];
        var p99 = new double[ROUNDS];
        var engineRatio = new double[ROUNDS];
        var engineP50 = new double[ROUNDS];
        var engineP99 = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            double rate = 0.7 * batched.waitingCallers(CALLERS, TURN);
            Batched.Stream stream = batched.stream(rate, Duration.ofSeconds(10), Duration.ofSeconds(2));
            p50[round] = stream.p(0.5) / 1e3;
            p99[round] = stream.p(0.99) / 1e3;
            ratio[round] = p99[round] / p50[round];
            long[] engine = raw.stream(rate, best, Duration.ofSeconds(2));
            engineP50[round] = engine[engine.length / 2] / 1e3;
            engineP99[round] = engine[(int) (0.99 * engine.length)] / 1e3;
            engineRatio[round] = engineP99[round] / engineP50[round];
        }
        show(Goal.atMost(
                "p99 by p50 at 70 % of saturation, `mid`",
                "p50 %.0f µs, p99 %.0f µs; the engine alone, asked at the same times, p50 %.0f µs, p99 %.0f µs, which is %.2f"
                        .formatted(median(p50), median(p99), median(engineP50), median(engineP99), median(engineRatio)),
                median(ratio),
                5));
    }

    private void overGrpc(Path home) throws IOException, InterruptedException, OrtException, ExecutionException {
        int cores = Runtime.getRuntime().availableProcessors();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (RawEngine raw = new RawEngine(Network.MID);
                InferenceServer server = InferenceServer.start(home, Network.MID, cores)) {
            // Small calls first: there are ten times as many in a second, and it is calls that the compilers count.
            server.callers(GRPC_CALLERS, 1, GRPC_WARM_UP.multipliedBy(2));
            server.callers(GRPC_CALLERS, GRPC_ROWS, GRPC_WARM_UP);
            var engine = new double[ROUNDS];
            var callers = new double[ROUNDS];
            var left = new double[ROUNDS];
            var baseline = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                engine[round] = raw.rate(GRPC_ROWS, cores, TURN);
                long cpu = system.getProcessCpuTime();
                long started = System.nanoTime();
                callers[round] = server.callers(GRPC_CALLERS, GRPC_ROWS, TURN);
                left[round] = cores - (system.getProcessCpuTime() - cpu) / (double) (System.nanoTime() - started);
                baseline[round] = engine[round] / cores * left[round];
            }
            show(Goal.atLeast(
                    "gRPC, `mid`, %d rows a call, raw, %d callers".formatted(GRPC_ROWS, GRPC_CALLERS),
                    "%,.0f rows/s; the engine alone %,.0f on %d cores, of which the callers left %.2f"
                            .formatted(median(callers), median(engine), cores, median(left)),
                    medianRatio(callers, baseline),
                    0.70,
                    0.90));
        }
    }

    private void show(Goal goal) {
        goals.add(goal);
        System.out.println(goal.row());
    }

    private String table() {
        var table =
                new StringBuilder("| what | measured | reached | goal | aim | enough |\n|---|---|---|---|---|---|\n");
        goals.forEach(goal -> table.append(goal.row()).append('\n'));
        return table.toString();
    }

    private static String page(Path home, String table) throws IOException, InterruptedException {
        return """
                # Batching, admission and gRPC against the engine alone

                Made by `./millrace bench inference` on commit %s, %d cores, JDK %s.

                The engine alone is ONNX Runtime with tensors made once, so that a run copies nothing. It and what it is compared with run by turns, %d of %.1f s each after a warm-up. Figures
                are medians of the turns, and what is reached is the median of their ratios. `mlp` is a network 64-128-64-1, `mid` 512-1024-1024-512-256-16. All callers run on the same machine; in process they share it with the batcher.

                %s""".formatted(
                        commit(home),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        ROUNDS,
                        TURN.toMillis() / 1e3,
                        table);
    }

    private static String commit(Path home) throws IOException, InterruptedException {
        Process git = new ProcessBuilder(
                        "git", "describe", "--always", "--dirty= with changes", "--abbrev=12", "--exclude=*")
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String commit = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
        return git.waitFor() == 0 ? commit : "unknown";
    }

    /** Of the turns' own ratios: the machine is not as fast in one turn as in another, but nearly so in two on end. */
    private static double medianRatio(double[] values, double[] baselines) {
        var ratios = new double[values.length];
        Arrays.setAll(ratios, i -> values[i] / baselines[i]);
        return median(ratios);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
