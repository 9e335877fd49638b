package io.millrace.inference.protocol;

import io.millrace.inference.model.InferenceException.TooManyBytes;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds the memory that request bodies take together. */
final class BodyBytes {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    BodyBytes(long most) {
        this.most = most;
    }

    /** Gives the bytes back when it is closed. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws TooManyBytes if there is no room for them now */
    Share take(long bytes) {
        if (held.addAndGet(bytes) > most) {
            held.addAndGet(-bytes);
            throw new TooManyBytes(
                    "requests of %d bytes are being answered already; try again later".formatted(most),
                    Duration.ofSeconds(1));
        }
        return () -> held.addAndGet(-bytes);
    }
}
