package io.millrace.benchmarks;

import io.millrace.benchmarks.inference.InferenceBenchmark;
import io.millrace.benchmarks.inprocess.InProcess;
import io.millrace.benchmarks.latency.PredictionLatency;
import io.millrace.benchmarks.load.PredictionLoad;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where {@code ./millrace bench} begins. A new benchmark is a package of its own and a line in the list here. */
public final class Benchmarks {

    private static final List<Benchmark> ALL =
            List.of(new PredictionLatency(), new PredictionLoad(), new InProcess(), new InferenceBenchmark());

    private Benchmarks() {}

    /** The system property {@code millrace.home} says where the repository is; the current folder if it is not set. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Optional<Benchmark> chosen = ALL.stream()
                .filter(each -> arguments.length > 0 && each.name().equals(arguments[0]))
                .findFirst();
        if (chosen.isEmpty()) {
            System.err.println(usage());
            System.exit(2);
        }
        Path home = Path.of(System.getProperty("millrace.home", ""))
                .toAbsolutePath()
                .normalize();
        try {
            boolean counts = chosen.get()
                    .run(
                            Target.of(home, System.getenv()),
                            Arrays.asList(arguments).subList(1, arguments.length));
            System.exit(counts ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    static String usage() {
        var usage = new StringBuilder("usage: ./millrace bench NAME\n");
        for (Benchmark each : ALL) {
            usage.append("\n  %s %s%n      %s%n"
                    .formatted(
                            each.name(), each.usage().arguments(), each.usage().measures()));
        }
        return usage.toString();
    }
}
