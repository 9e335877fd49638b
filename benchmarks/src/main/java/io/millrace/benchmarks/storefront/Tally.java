package io.millrace.benchmarks.storefront;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts answers by what they were, and keeps the first of each kind that does not count. For use by many threads. */
public final class Tally {

    private final AtomicInteger whole = new AtomicInteger();
    private final Kind degraded = new Kind("degraded");
    private final Kind tooShort = new Kind("short");
    private final Kind failed = new Kind("failed");

    /** Takes note of an answer. */
    public void add(Answer answer) {
        switch (answer) {
            case Answer.Whole _ -> whole.incrementAndGet();
            case Answer.Degraded(String how) -> degraded.add(how);
            case Answer.Short(int results) -> tooShort.add(results + " results");
            case Answer.Failed(String how) -> failed.add(how);
        }
    }

    public int whole() {
        return whole.get();
    }

    public int degraded() {
        return degraded.count.get();
    }

    /** Those that were too short or failed. */
    public int others() {
        return tooShort.count.get() + failed.count.get();
    }

    /** For example {@code degraded 2 (the first: …), short 0, failed 0}. */
    @Override
    public String toString() {
        return degraded + ", " + tooShort + ", " + failed;
    }

    private static final class Kind {

        private final String name;
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicReference<@Nullable String> first = new AtomicReference<>();

        Kind(String name) {
            this.name = name;
        }

        void add(String how) {
            count.incrementAndGet();
            first.compareAndSet(null, how);
        }

        @Override
        public String toString() {
            String how = first.get();
            return name + " " + count + (how == null ? "" : " (the first: " + how + ")");
        }
    }
}
