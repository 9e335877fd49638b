package io.millrace.inference.batching;

import io.millrace.inference.model.InferenceException.TooManyBytes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes of all requests of the process that wait or run: a count of requests says nothing of the memory they need. */
final class BytesInFlight {

    private final long most;
    private final AtomicLong bytes = new AtomicLong();

    BytesInFlight(long most) {
        this.most = most;
    }

    /** @throws TooManyBytes if there is no room for so many more */
    void add(long more) {
        if (bytes.addAndGet(more) > most) {
            long before = bytes.addAndGet(-more);
            throw new TooManyBytes(
                    "requests of %d bytes are in memory and %d more do not fit; try again later, or send fewer"
                            .formatted(before, more),
                    Duration.ofSeconds(1));
        }
    }

    void remove(long fewer) {
        bytes.addAndGet(-fewer);
    }

    long bytes() {
        return bytes.get();
    }
}
