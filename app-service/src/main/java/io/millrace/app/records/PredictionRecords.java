package io.millrace.app.records;

import io.millrace.app.records.RecordMetrics.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Brings records to Kafka. One that may come after its answer costs the request a place in a queue; one thread makes it
 * and appends it to the log on disk, another sends what is in the log. With Kafka away the log grows, to its limit; what
 * is in it outlives the process, and is sent in its order.
 */
public final class PredictionRecords implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PredictionRecords.class);
    private static final Duration NAP = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** What comes after a quiet moment waits this long for company: a request to Kafka for each record costs more. */
    private static final Duration GATHER = Duration.ofMillis(100);

    private static final Duration STOP = Duration.ofSeconds(5);
    private static final int BATCH_BYTES = 1 << 20;

    private final BlockingQueue<Answered> queue;
    private final RecordLog recordLog;
    private final RecordTopic topic;
    private final RecordMetrics metrics;
    private final Duration force;
    private final Object appended = new Object();

    private volatile boolean running;
    private volatile boolean stopping;
    private @Nullable Thread appender;
    private @Nullable Thread sender;
    private boolean away;
    private boolean unwritable;

    PredictionRecords(int queue, RecordLog recordLog, RecordTopic topic, RecordMetrics metrics, Duration force) {
        this.queue = new ArrayBlockingQueue<>(queue);
        this.recordLog = recordLog;
        this.topic = topic;
        this.metrics = metrics;
        this.force = force;
    }

    /** Keeps a record of this answer, soon. Never waits. */
    public void later(Answered answered) {
        if (!queue.offer(answered)) {
            metrics.count(Outcome.LOST, 1);
        }
    }

    /**
     * Keeps a record of this answer, and returns when all replicas have it.
     *
     * @throws RecordUnavailableException if that is not known in time; it may be there all the same
     */
    public void now(Answered answered, Duration atMost) throws RecordUnavailableException {
        Envelope record = Envelope.of(answered.tenant(), answered.toRecord());
        try {
            topic.send(java.util.List.of(record)).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
            metrics.count(Outcome.PUBLISHED, 1);
        } catch (ExecutionException | TimeoutException | KafkaException | org.springframework.kafka.KafkaException e) {
            throw new RecordUnavailableException("Kafka did not acknowledge the record", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecordUnavailableException("interrupted while Kafka was asked to keep the record", e);
        }
    }

    @Override
    public void start() {
        running = true;
        stopping = false;
        appender = Thread.ofPlatform().daemon().name("record-appender").start(this::append);
        sender = Thread.ofPlatform().daemon().name("record-sender").start(this::send);
    }

    private void append() {
        long forcedNanos = System.nanoTime();
        while (!stopping || !queue.isEmpty()) {
            Answered answered = next();
            if (answered != null) {
                append(answered);
            }
            if (System.nanoTime() - forcedNanos > force.toNanos()) {
                force();
                forcedNanos = System.nanoTime();
            }
        }
        force();
    }

    private @Nullable Answered next() {
        try {
            return queue.poll(NAP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return null; // nobody interrupts this thread: it would close the files it writes
        }
    }

    private void append(Answered answered) {
        try {
            byte[] record = Envelope.of(answered.tenant(), answered.toRecord()).toBytes();
            metrics.count(Outcome.DROPPED, recordLog.append(record));
            synchronized (appended) {
                appended.notifyAll();
            }
            unwritable = false;
        } catch (IOException e) {
            lost(e, "the record log cannot be written; records are lost");
        } catch (RuntimeException e) {
            // one record that cannot be made must not end all others
            lost(e, "a record cannot be made");
        }
    }

    private void lost(Exception cause, String message) {
        metrics.count(Outcome.LOST, 1);
        if (!unwritable) {
            log.atError().setCause(cause).log(message);
        }
        unwritable = true;
    }

    private void force() {
        try {
            if (recordLog.waitingBytes() > 0) {
                recordLog.force();
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("the record log cannot be forced to the disk");
        }
    }

    private void send() {
        while (!stopping) {
            try {
                RecordLog.Batch batch = recordLog.read(BATCH_BYTES);
                if (batch.records().isEmpty()) {
                    pause(NAP);
                    LockSupport.parkNanos(GATHER.toNanos());
                } else {
                    send(batch);
                }
            } catch (IOException e) {
                log.atError().setCause(e).log("the record log cannot be read");
                pause(PAUSE);
            }
        }
    }

    private void send(RecordLog.Batch batch) throws IOException {
        try {
            topic.send(batch.records().stream().map(Envelope::parse).toList()).get();
        } catch (ExecutionException | KafkaException | org.springframework.kafka.KafkaException e) {
            if (!away) {
                log.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("Kafka is away; records wait on disk until it is back");
            }
            away = true;
            pause(PAUSE);
            return;
        } catch (InterruptedException e) {
            return; // sent again
        }
        if (away) {
            log.atInfo().addKeyValue("waiting_bytes", recordLog.waitingBytes()).log("Kafka is back; records are sent");
        }
        away = false;
        recordLog.done(batch);
        metrics.count(Outcome.PUBLISHED, batch.records().size());
    }

    private void pause(Duration atMost) {
        synchronized (appended) {
            try {
                appended.wait(atMost.toMillis());
            } catch (InterruptedException e) {
                // nobody interrupts this thread
                return;
            }
        }
    }

    @Override
    public void stop() {
        stopping = true;
        try {
            if (appender != null && sender != null && (!appender.join(STOP) || !sender.join(STOP))) {
                log.atWarn().log("records are still being written; those in the log are sent after the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After everything that answers requests has stopped, so that the last answers are recorded too. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }
}
