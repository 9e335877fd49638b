package io.millrace.local.application;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Asks for customer after customer until enough answers in a row were whole.
 *
 * <p>Young processes miss the storefront's deadlines. On a machine that is too busy to meet them at all, the answers stay
 * degraded but are answers: that is said, and is no reason not to start.
 */
final class WarmUp {

    private static final int ENOUGH = 10; // after those that app-service has made itself
    private static final int LIMIT = 10;

    private final Predictions predictions;
    private final List<String> customers;
    private final Instant until;
    private final List<Long> wholeNanos = new ArrayList<>();
    private int asked;
    private String last = "nothing was answered";
    private boolean lastWasAnswer;

    WarmUp(Predictions predictions, List<String> customers, Duration atMost) {
        this.predictions = predictions;
        this.customers = customers;
        this.until = Instant.now().plus(atMost);
    }

    /** Asks until an answer is not whole, and says whether that is enough of it. */
    boolean isDone() throws InterruptedException {
        while (wholeNanos.size() < ENOUGH) {
            if (!askOnce()) {
                wholeNanos.clear();
                return lastWasAnswer && Instant.now().isAfter(until);
            }
        }
        return true;
    }

    private boolean askOnce() throws InterruptedException {
        try {
            long start = System.nanoTime();
            HttpJson.Answer answer = predictions.ask(customers.get(asked++ % customers.size()), LIMIT);
            wholeNanos.add(System.nanoTime() - start);
            lastWasAnswer = answer.isSuccess();
            last = lastWasAnswer ? "degraded: " + answer.body().path("degraded") : answer.problem();
            return Predictions.isWhole(answer);
        } catch (IOException e) {
            lastWasAnswer = false;
            last = e.toString();
            return false;
        }
    }

    /** The median of the whole answers; what is wrong with the last one where there are not enough of them. */
    @Override
    public String toString() {
        if (wholeNanos.size() < ENOUGH) {
            return last;
        }
        long median = wholeNanos.stream().sorted().toList().get(ENOUGH / 2);
        return String.format(Locale.ROOT, "p50 of the last %d: %.1f ms", ENOUGH, median / 1e6);
    }
}
