package io.millrace.app.records;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.definition.Definition;
import io.millrace.app.neighbours.Shop;
import io.millrace.app.pipeline.Pipeline;
import io.millrace.app.pipeline.Prediction;
import io.millrace.app.pipeline.PredictionRequest;
import io.millrace.app.records.RecordLog.Full;
import io.millrace.wire.UuidV7;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/** What a record costs the request it is of, and what it costs the thread that makes it. */
@Tag("long")
class RecordCostTest {

    private static final int TIMES = 2000;

    private static final RecordTopic NOWHERE =
            new RecordTopic(new KafkaTemplate<>(new DefaultKafkaProducerFactory<>(Map.of())));

    @TempDir
    Path folder;

    @Test
    void costsTheRequestAPlaceInAQueueAndNothingElse() throws Exception {
        try (Shop shop = new Shop();
                RecordLog log = RecordLog.open(folder, 1 << 23, 1 << 28, Full.DROP_OLDEST)) {
            Prediction prediction = Pipeline.of(Definition.parse(Shop.DEFINITION), Map.of(), shop.neighbours())
                    .predict(
                            new PredictionRequest(Map.of("customer", "c1"), Map.of(), 3, List.of()),
                            Duration.ofSeconds(20));
            Answered answered = new Answered("default", UuidV7.at(1), Instant.EPOCH, null, "shop", 1, prediction);
            PredictionRecords records = new PredictionRecords( // not started: what is asked is what the request pays
                    2 * TIMES, log, NOWHERE, new RecordMetrics(new SimpleMeterRegistry()), Duration.ofSeconds(1));
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            records.later(answered);

            long bytes = threads.getCurrentThreadAllocatedBytes();
            long nanos = System.nanoTime();
            for (int i = 0; i < TIMES; i++) {
                records.later(answered);
            }
            nanos = System.nanoTime() - nanos;
            bytes = threads.getCurrentThreadAllocatedBytes() - bytes;

            assertThat(bytes / TIMES)
                    .as("bytes for each record on the request's thread")
                    .isLessThan(100);
            System.out.printf("a record costs its request %d ns and %d bytes%n", nanos / TIMES, bytes / TIMES);
            for (int round = 0; round < 3; round++) {
                long start = System.nanoTime();
                int size = 0;
                for (int i = 0; i < TIMES; i++) {
                    byte[] record = Envelope.of("default", answered.toRecord()).toBytes();
                    size = record.length;
                    log.append(record);
                }
                System.out.printf(
                        "and the thread that appends it %d ns, %d bytes on disk%n",
                        (System.nanoTime() - start) / TIMES, size);
            }
        }
    }
}
