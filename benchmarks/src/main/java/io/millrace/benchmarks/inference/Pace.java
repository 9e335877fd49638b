package io.millrace.benchmarks.inference;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Asks at random times, so many times a second, whatever comes of it. */
final class Pace {

    /** One request. */
    interface Request {

        /** @param dueNanos when it is due, by the system's clock; how long it takes counts from then */
        void send(int number, long dueNanos);
    }

    private Pace() {}

    static void keep(double perSecond, int requests, Request request) {
        var random = new Random(17);
        double due = System.nanoTime();
        for (int i = 0; i < requests; i++) {
            due += -Math.log(1 - random.nextDouble()) * 1e9 / perSecond;
            long at = (long) due;
            // Parking wakes up too late for the next one; those that are due meanwhile go out at once, timed from then.
            if (at - System.nanoTime() > 60_000) {
                LockSupport.parkNanos(at - System.nanoTime() - 50_000);
            }
            request.send(i, at);
        }
    }
}
