package io.millrace.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;

/**
 * Turns messages into Avro single-object encoding and back: the two bytes {@code C3 01}, the CRC-64-AVRO fingerprint of
 * the writer's schema as 8 little-endian bytes, then the record.
 *
 * <p>Source: Avro 1.12 specification, "Single-object encoding". Safe for use by many threads.
 *
 * @param <T> the message
 */
public final class WireCodec<T> {

    private final Schema schema;
    private final Function<T, GenericRecord> toRecord;
    private final Function<GenericRecord, T> fromRecord;
    private final BinaryMessageEncoder<GenericRecord> encoder;
    private final BinaryMessageDecoder<GenericRecord> decoder;

    private WireCodec(Schema schema, Function<T, GenericRecord> toRecord, Function<GenericRecord, T> fromRecord) {
        this.schema = schema;
        this.toRecord = toRecord;
        this.fromRecord = fromRecord;
        this.encoder = new BinaryMessageEncoder<>(GenericData.get(), schema);
        this.decoder = new BinaryMessageDecoder<>(GenericData.get(), schema);
    }

    static <T> WireCodec<T> of(
            String resource, Function<T, GenericRecord> toRecord, Function<GenericRecord, T> fromRecord) {
        return new WireCodec<>(schema(resource), toRecord, fromRecord);
    }

    static Schema schema(String resource) {
        try (InputStream in = WireCodec.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no schema " + resource + " on the class path");
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema that {@link #encode} writes with. */
    public Schema schema() {
        return schema;
    }

    /** The message in single-object encoding, in an array of its own. */
    public byte[] encode(T message) {
        try {
            ByteBuffer bytes = encoder.encode(toRecord.apply(message));
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The message in these bytes.
     *
     * @throws MalformedMessageException if they are not such a message
     */
    public T decode(byte[] bytes) throws MalformedMessageException {
        try {
            return fromRecord.apply(decoder.decode(bytes));
        } catch (IOException | AvroRuntimeException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedMessageException("not a " + schema.getName() + ": " + e.getMessage(), e);
        }
    }
}
