package io.millrace.storefront.evaluation;

import io.millrace.storefront.gateway.Gateway;
import io.millrace.storefront.simulation.Moment;
import io.millrace.storefront.simulation.Page;
import io.millrace.storefront.simulation.ShopTruth;
import io.millrace.storefront.simulation.Visit;
import io.millrace.wire.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Customers of the simulated shop who use a running system: each asks for a page, clicks by the true law on what it was
 * answered, and goes on or leaves. Pages are asked for at an even rate, whatever the system takes; when too many are under
 * way the next one is counted as missed.
 */
public final class LiveTraffic {

    private static final int PAGE = 20;
    private static final int MOST_UNDER_WAY = 256;
    private static final double GOES_ON = 0.8;
    private static final Duration PAUSE = Duration.ofSeconds(5); // at least, between two pages of a visit
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration SAYS = Duration.ofSeconds(5);
    private static final int FIRST_NEW = 2_000_000;

    private final Gateway gateway;
    private final ShopTruth truth;
    private final double[] sales;
    private final InstantSource clock;
    private final Consumer<String> progress;
    private final Random random;
    private final Deque<Due> visits = new ArrayDeque<>();
    private final Deque<Integer> customers = new ArrayDeque<>();
    private final Semaphore free = new Semaphore(MOST_UNDER_WAY);
    private final Tally tally = new Tally();
    private int newcomers;

    /** A visit and when it asks for its next page. */
    private record Due(Visit visit, Instant at) {}

    /**
     * What came of it.
     *
     * @param pages answered
     * @param failed requests that were refused or failed, their last message in {@code failure}
     * @param missed pages that were not asked for because too many were under way
     * @param degraded answers that were made without some part
     * @param clicks that happened, of pages answered
     * @param expected clicks by the true probabilities
     * @param random expected clicks on pages in random order
     * @param bestSellers expected clicks on pages of best sellers
     */
    public record Totals(
            long pages,
            long failed,
            long missed,
            long degraded,
            long clicks,
            double expected,
            double random,
            double bestSellers,
            @Nullable String failure) {

        /** One line for people. */
        public String toLine(double seconds) {
            double all = Math.max(1, pages);
            return ("%.1f pages a second, degraded %.2f %%, failed %d, missed %d; clicks a page: %.2f, expected %.2f"
                            + " (best sellers %.2f, random %.2f)%s")
                    .formatted(
                            pages / seconds,
                            100 * degraded / all,
                            failed,
                            missed,
                            clicks / all,
                            expected / all,
                            bestSellers / all,
                            random / all,
                            failure == null ? "" : "; last failure: " + failure);
        }
    }

    /** @param sales how often each item sold of late, for the comparison with best sellers */
    public LiveTraffic(
            Gateway gateway,
            ShopTruth truth,
            double[] sales,
            InstantSource clock,
            long seed,
            Consumer<String> progress) {
        this.gateway = gateway;
        this.truth = truth;
        this.sales = sales.clone();
        this.clock = clock;
        this.random = new Random(seed);
        this.progress = progress;
        this.newcomers = FIRST_NEW + (int) Math.floorMod(seed, 1_000_000L) * 100;
        List<Integer> all = new ArrayList<>(
                IntStream.range(0, truth.size().customers()).boxed().toList());
        Collections.shuffle(all, random);
        customers.addAll(all);
    }

    /** Asks for so many pages a second; returns when the time is over and all are answered. */
    public Totals run(double rate, Duration duration) throws InterruptedException {
        long begin = System.nanoTime();
        long said = begin;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long page = 0; ; page++) {
                long due = begin + (long) (page * 1e9 / rate);
                if (due - begin >= duration.toNanos()) {
                    break;
                }
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                if (free.tryAcquire()) {
                    Visit visit = next();
                    threads.execute(() -> {
                        try {
                            showPage(visit);
                        } finally {
                            free.release();
                        }
                    });
                } else {
                    tally.missed();
                }
                if (System.nanoTime() - said >= SAYS.toNanos()) {
                    said = System.nanoTime();
                    progress.accept(tally.totals().toLine((said - begin) / 1e9));
                }
            }
            threads.shutdown();
            if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        }
        return tally.totals();
    }

    /** A visit that goes on, if one is due, else a new one. */
    private synchronized Visit next() {
        Due first = visits.peek();
        if (first != null && !first.at().isAfter(clock.instant())) {
            return visits.remove().visit();
        }
        Integer known = customers.poll();
        int customer = known == null ? newcomers++ : known;
        String id = "live-%d-%d".formatted(clock.millis(), customer);
        return Visit.of(truth, customer, id, new Random(random.nextLong()));
    }

    private void showPage(Visit visit) {
        try {
            List<String> exclude =
                    visit.clicked().stream().mapToObj(ShopTruth::itemId).toList();
            Gateway.Answer answer = gateway.recommend(ShopTruth.customerId(visit.customer()), exclude, PAGE);
            List<Integer> items = answer.items().stream()
                    .filter(id -> id.matches("i\\d{4,6}")
                            && ShopTruth.number(id) < truth.size().items())
                    .map(ShopTruth::number)
                    .toList();
            Instant now = clock.instant();
            double[] probabilities = visit.probabilities(now);
            visit.clicked().stream().forEach(item -> probabilities[item] = 0);
            List<Event> events = visit.show(new Page(items, List.of()), now, LOOK, answer.id());
            gateway.send(events);
            tally.page(!answer.degraded().isEmpty(), clicks(events), probabilities, items);
            leaveOrGoOn(visit, now);
        } catch (IOException e) {
            tally.failed(e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void leaveOrGoOn(Visit visit, Instant now) {
        if (random.nextDouble() < GOES_ON) {
            visits.add(new Due(visit, now.plus(PAUSE)));
        }
    }

    private static long clicks(List<Event> events) {
        return events.stream().filter(event -> event.type().equals("view")).count();
    }

    /** What has happened so far. */
    private final class Tally {

        private long pages;
        private long failed;
        private long missed;
        private long degraded;
        private long clicks;
        private double expected;
        private double byChance;
        private double bestSellers;
        private @Nullable String failure;

        synchronized void page(boolean incomplete, long clicked, double[] probabilities, List<Integer> items) {
            pages++;
            degraded += incomplete ? 1 : 0;
            clicks += clicked;
            expected += expected(probabilities, items);
            double mean = Arrays.stream(probabilities)
                    .filter(probability -> probability > 0)
                    .average()
                    .orElse(0);
            byChance += IntStream.range(0, PAGE).mapToDouble(Moment::examined).sum() * mean;
            bestSellers += expected(
                    probabilities,
                    IntStream.range(0, sales.length)
                            .filter(item -> probabilities[item] > 0)
                            .boxed()
                            .sorted((a, b) -> Double.compare(sales[b], sales[a]))
                            .limit(PAGE)
                            .toList());
        }

        synchronized void failed(IOException e) {
            failed++;
            failure = e.getMessage();
        }

        synchronized void missed() {
            missed++;
        }

        synchronized Totals totals() {
            return new Totals(pages, failed, missed, degraded, clicks, expected, byChance, bestSellers, failure);
        }

        private static double expected(double[] probabilities, List<Integer> items) {
            return IntStream.range(0, items.size())
                    .mapToDouble(place -> Moment.examined(place) * probabilities[items.get(place)])
                    .sum();
        }
    }
}
