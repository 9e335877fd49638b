package io.millrace.local.supervision;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Starts several parts at once. */
final class Concurrently {

    private Concurrently() {}

    /** The start of one part. */
    interface Start {
        void run() throws PartFailed, InterruptedException;
    }

    /** Runs all; the first failure interrupts the others and is thrown when they have ended too. */
    static void run(List<Start> starts) throws PartFailed, InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var completions = new ExecutorCompletionService<Void>(threads);
            for (Start start : starts) {
                completions.submit(() -> {
                    start.run();
                    return null;
                });
            }
            try {
                for (int i = 0; i < starts.size(); i++) {
                    completions.take().get();
                }
            } catch (ExecutionException e) {
                threads.shutdownNow();
                switch (e.getCause()) {
                    case PartFailed failed -> throw failed;
                    case InterruptedException interrupted -> throw interrupted;
                    case null, default -> throw new IllegalStateException(e.getCause());
                }
            }
        }
    }
}
