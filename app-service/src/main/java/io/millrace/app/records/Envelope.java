package io.millrace.app.records;

import io.millrace.wire.PredictionRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;

/**
 * A record as it lies in the {@link RecordLog}: what its message on Kafka needs, without reading the record again.
 *
 * @param tenant whose it is
 * @param id the prediction's
 * @param micros when it was made, in microseconds since 1970
 * @param value the record in {@link PredictionRecord#CODEC}'s form; nobody changes it
 */
record Envelope(String tenant, String id, long micros, byte[] value) {

    static Envelope of(String tenant, PredictionRecord prediction) {
        Instant time = prediction.time();
        return new Envelope(
                tenant,
                prediction.id().toString(),
                time.getEpochSecond() * 1_000_000 + time.getNano() / 1000,
                PredictionRecord.CODEC.encode(prediction));
    }

    Instant time() {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    String key() {
        return tenant + "/" + id;
    }

    byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length + 128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(tenant);
            out.writeUTF(id);
            out.writeLong(micros);
            out.write(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Envelope parse(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return new Envelope(in.readUTF(), in.readUTF(), in.readLong(), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
