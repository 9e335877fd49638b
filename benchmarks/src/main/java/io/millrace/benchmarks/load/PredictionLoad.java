package io.millrace.benchmarks.load;

import io.millrace.benchmarks.Benchmark;
import io.millrace.benchmarks.Target;
import io.millrace.benchmarks.storefront.Storefront;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The storefront's predictions through the gateway at rising rates, until most answers no longer keep the deadline. */
public final class PredictionLoad implements Benchmark {

    private static final List<Integer> RATES = List.of(10, 20, 40, 60, 80, 100, 150, 200, 300, 400);
    private static final int SECONDS = 15;
    private static final int LIMIT = 20;
    private static final int CONNECTIONS = 1024;
    private static final long SEED = 17;

    /** Below this share of whole answers in time, higher rates say nothing new. */
    private static final double SATURATED = 0.5;

    private static final Pattern DEADLINE = Pattern.compile("(?m)^deadline: (\\d+)ms");

    @Override
    public String name() {
        return "load";
    }

    @Override
    public Usage usage() {
        return new Usage(
                "[RATE...]",
                "Storefront predictions of %d results at %s requests/s (or those given), %d s each, sent when they are due."
                        .formatted(LIMIT, RATES, SECONDS));
    }

    @Override
    public boolean run(Target millrace, List<String> arguments) throws IOException, InterruptedException {
        List<Integer> rates = arguments.isEmpty()
                ? RATES
                : arguments.stream().map(PredictionLoad::rate).toList();
        Duration deadline = shippedDeadline(millrace.home());
        List<String> customers = Storefront.customers(millrace, List.of());
        try (Storefront storefront = Storefront.of(millrace, LIMIT, CONNECTIONS)) {
            measure(storefront, customers, rates.getFirst(), deadline); // does not count: it warms the connections
            System.out.println(Summary.HEADER.formatted(deadline.toMillis()));
            System.out.println(Summary.RULE);
            boolean counts = false;
            for (int rate : rates) {
                Summary summary = measure(storefront, customers, rate, deadline);
                System.out.println(summary);
                System.err.println("    " + rate + "/s: " + summary.first());
                counts |= summary.good() >= SATURATED;
                if (summary.good() < SATURATED) {
                    break;
                }
            }
            return counts;
        }
    }

    private static Summary measure(Storefront storefront, List<String> customers, int rate, Duration deadline)
            throws InterruptedException {
        var arrivals = Arrivals.poisson(rate, rate * SECONDS, SEED + rate);
        return Summary.of(
                rate,
                OpenLoop.run(arrivals, request -> storefront.ask(customers.get(request % customers.size()))),
                deadline);
    }

    /** The one that the storefront's pipeline ships with. */
    private static Duration shippedDeadline(Path home) throws IOException {
        Path pipeline = home.resolve("applications/storefront/application.yaml");
        Matcher deadline = DEADLINE.matcher(Files.readString(pipeline));
        if (!deadline.find()) {
            throw new IOException(pipeline + " names no deadline");
        }
        return Duration.ofMillis(Long.parseLong(deadline.group(1)));
    }

    private static int rate(String argument) {
        try {
            int rate = Integer.parseInt(argument);
            if (rate > 0) {
                return rate;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw new IllegalArgumentException("`" + argument + "` is no rate: requests per second, a number from 1 on.");
    }
}
