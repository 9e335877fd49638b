package io.millrace.storefront;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.KafkaException;

/**
 * The storefront's programs, each a sub-command. Progress goes to standard output, one line each; a failure is one
 * message on standard error and exit code 1, a wrong command line exit code 2.
 */
public final class Storefront {

    private static final String USAGE = """
            storefront load --data FILE.csv[.gz] [--until 2011-10-01]      Online Retail through the public API
            storefront simulate [--size small|full] [--seed 1]             a simulated shop through the public API
            storefront traffic [--rate 10] [--for 60s]                     its customers use the running system
            storefront train [--seed 1]                                    models and item vectors from all events
            storefront evaluate                                            quality in the simulated shop
            storefront evaluate --data FILE --until 2011-10-01 [--limit 20]  quality on Online Retail""";

    private Storefront() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(args));
    }

    @SuppressWarnings("SystemOut") // it is a command
    private static int run(String[] args) throws InterruptedException {
        try {
            if (args.length == 0) {
                throw new UsageException("no sub-command");
            }
            List<String> rest = Arrays.asList(args).subList(1, args.length);
            Settings settings = Settings.from(System.getenv());
            Path truth = Path.of(System.getenv().getOrDefault("MILLRACE_TRUTH_DIR", ".millrace/simulation-truth"));
            InstantSource clock = InstantSource.system();
            switch (args[0]) {
                case "load" -> new LoadCommand(settings, clock, System.out::println).run(rest);
                case "simulate" -> new SimulateCommand(settings, truth, clock, System.out::println).run(rest);
                case "train" -> new TrainCommand(settings, clock, System.out::println).run(rest);
                case "traffic" -> new TrafficCommand(settings, truth, clock, System.out::println).run(rest);
                case "evaluate" -> new EvaluateCommand(settings, truth, clock, System.out::println).run(rest);
                default -> throw new UsageException("unknown sub-command " + args[0]);
            }
            return 0;
        } catch (UsageException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            return 2;
        } catch (IOException | UncheckedIOException | IllegalStateException | KafkaException e) {
            System.err.println("storefront " + args[0] + ": " + e.getMessage());
            return 1;
        }
    }
}
