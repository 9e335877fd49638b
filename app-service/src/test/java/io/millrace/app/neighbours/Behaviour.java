package io.millrace.app.neighbours;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a method answers: as it should, with an error, or never. */
public final class Behaviour {

    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable Status failure;
    private volatile boolean silent;

    public void failWith(Status status) {
        failure = status;
    }

    public void neverAnswer() {
        silent = true;
    }

    public void recover() {
        failure = null;
        silent = false;
    }

    public int calls() {
        return calls.get();
    }

    <T> void answer(StreamObserver<T> observer, Supplier<T> answer) {
        calls.incrementAndGet();
        Status status = failure;
        if (status != null) {
            observer.onError(status.asRuntimeException());
        } else if (!silent) {
            try {
                observer.onNext(answer.get());
                observer.onCompleted();
            } catch (io.grpc.StatusRuntimeException e) {
                observer.onError(e);
            }
        }
    }
}
