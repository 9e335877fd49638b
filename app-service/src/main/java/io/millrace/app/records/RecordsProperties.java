package io.millrace.app.records;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param queue how many answers may wait in memory to be written to the log, each with all that it was made of
 * @param maxLog how large the log may become while Kafka is away
 * @param whenFull what goes when it is full
 * @param force how often what waits in the log is forced to the disk
 * @param group the consumer group that brings the records to Postgres
 * @param keep how long Postgres keeps them
 */
@ConfigurationProperties("millrace.app.records")
record RecordsProperties(
        @DefaultValue("256") int queue,
        @DefaultValue("256MB") DataSize maxLog,
        @DefaultValue("drop-oldest") RecordLog.Full whenFull,
        @DefaultValue("1s") Duration force,
        @DefaultValue("app-service-records") String group,
        @DefaultValue("7d") Duration keep) {

    private static final long FILE = DataSize.ofMegabytes(8).toBytes();

    RecordsProperties {
        if (queue < 1 || maxLog.toBytes() < 4096) {
            throw new IllegalArgumentException(
                    "millrace.app.records: queue must be at least 1 and max-log at least 4KB");
        }
        if (!keep.isPositive() || !force.isPositive()) {
            throw new IllegalArgumentException("millrace.app.records: keep and force must be positive");
        }
    }

    /** The size of one file of the log: some fit into it, so that the oldest can go. */
    long fileBytes() {
        return Math.min(FILE, maxLog.toBytes() / 4);
    }
}
