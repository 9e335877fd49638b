package io.millrace.feature.aggregation;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What one event adds to one view: a value for each series that it concerns. Made and read by a {@link ViewAggregation}. */
public final class Contribution {

    private final long micros;
    private final long sequence;
    private final @Nullable Object[] values;

    Contribution(long micros, long sequence, @Nullable Object[] values) {
        this.micros = micros;
        this.sequence = sequence;
        this.values = values;
    }

    /** The event's time, in microseconds since 1970. */
    public long micros() {
        return micros;
    }

    /** The event's place in the order of arrival. */
    public long sequence() {
        return sequence;
    }

    @Nullable
    Object value(int series) {
        return values[series];
    }

    /** Writes it without its length. */
    public void write(CodedOutputStream out) throws IOException {
        out.writeSInt64NoTag(micros);
        out.writeSInt64NoTag(sequence);
        for (Object value : values) {
            Scalar.write(value, out);
        }
    }

    static Contribution read(int series, CodedInputStream in) throws IOException {
        long micros = in.readSInt64();
        long sequence = in.readSInt64();
        @Nullable Object[] values = new @Nullable Object[series];
        for (int i = 0; i < series; i++) {
            values[i] = Scalar.read(in);
        }
        return new Contribution(micros, sequence, values);
    }
}
