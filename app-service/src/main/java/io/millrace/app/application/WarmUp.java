package io.millrace.app.application;

import io.millrace.app.pipeline.PredictionFailedException;
import io.millrace.app.pipeline.PredictionRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes some predictions with every new version, for an entity that nobody knows, so that connections are open and code
 * is compiled before the first caller comes. Readiness waits for the first version; whether they succeed plays no part.
 */
final class WarmUp {

    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final String NOBODY = "-";
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final int predictions;
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean warm;

    WarmUp(int predictions) {
        this.predictions = predictions;
    }

    /** Whether the first version is still being warmed up. */
    boolean isPending() {
        return !warm && running.get() > 0;
    }

    void start(Application application) {
        running.incrementAndGet();
        Thread.ofVirtual().name("warm-up").start(() -> {
            try {
                run(application);
            } finally {
                warm |= running.decrementAndGet() == 0;
            }
        });
    }

    private void run(Application application) {
        Map<String, String> entities = new HashMap<>();
        application.pipeline().request().entities().keySet().forEach(entity -> entities.put(entity, NOBODY));
        PredictionRequest request = new PredictionRequest(entities, Map.of(), 1, List.of());
        long startNanos = System.nanoTime();
        int answered = 0;
        for (int i = 0; i < predictions && System.nanoTime() - startNanos < LONGEST.toNanos(); i++) {
            try {
                application.pipeline().predict(request, LONGEST);
                answered++;
            } catch (PredictionFailedException e) {
                log.atDebug().setCause(e).log("warm-up prediction failed");
            }
        }
        log.atInfo()
                .addKeyValue("application", application.name())
                .addKeyValue("version", application.version())
                .addKeyValue("answered", answered)
                .addKeyValue(
                        "millis",
                        Duration.ofNanos(System.nanoTime() - startNanos).toMillis())
                .log("application warmed up");
    }
}
