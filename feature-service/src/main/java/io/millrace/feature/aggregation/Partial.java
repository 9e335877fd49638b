package io.millrace.feature.aggregation;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A partial aggregate. Values may be added and partials merged in any order; the result is the same.
 *
 * <p>What is read was written by the same class; it is read into an empty one.
 */
abstract sealed class Partial {

    /**
     * Adds one value.
     *
     * @param micros the time of its event
     * @param sequence the order of arrival; decides between two events of one time
     */
    abstract void add(Object value, long micros, long sequence);

    abstract void merge(Partial other);

    abstract @Nullable Object result();

    abstract void write(CodedOutputStream out) throws IOException;

    abstract void read(CodedInputStream in) throws IOException;

    static final class Count extends Partial {

        private long count;

        @Override
        void add(Object value, long micros, long sequence) {
            count++;
        }

        @Override
        void merge(Partial other) {
            count += ((Count) other).count;
        }

        @Override
        Long result() {
            return count;
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            out.writeUInt64NoTag(count);
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            count = in.readUInt64();
        }
    }

    static final class LongSum extends Partial {

        private long sum;

        @Override
        void add(Object value, long micros, long sequence) {
            sum += (Long) value;
        }

        @Override
        void merge(Partial other) {
            sum += ((LongSum) other).sum;
        }

        @Override
        Long result() {
            return sum;
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            out.writeSInt64NoTag(sum);
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            sum = in.readSInt64();
        }
    }

    /** A sum of two doubles, the second holding what the first had to round away: 106 bits (Dekker 1971, Knuth). */
    static final class DoubleSum extends Partial {

        private double high;
        private double low;

        @Override
        void add(Object value, long micros, long sequence) {
            plus((Double) value);
        }

        private void plus(double value) {
            double sum = high + value;
            double rounded = sum - high;
            double error = (high - (sum - rounded)) + (value - rounded) + low;
            high = sum + error;
            low = error - (high - sum);
        }

        @Override
        void merge(Partial other) {
            plus(((DoubleSum) other).high);
            plus(((DoubleSum) other).low);
        }

        @Override
        Double result() {
            return high;
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            out.writeDoubleNoTag(high);
            out.writeDoubleNoTag(low);
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            high = in.readDouble();
            low = in.readDouble();
        }
    }

    static final class Mean extends Partial {

        private final DoubleSum sum = new DoubleSum();
        private long count;

        @Override
        void add(Object value, long micros, long sequence) {
            sum.add(value, micros, sequence);
            count++;
        }

        @Override
        void merge(Partial other) {
            sum.merge(((Mean) other).sum);
            count += ((Mean) other).count;
        }

        @Override
        @Nullable
        Double result() {
            return count == 0 ? null : sum.result() / count;
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            sum.write(out);
            out.writeUInt64NoTag(count);
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            sum.read(in);
            count = in.readUInt64();
        }
    }

    /** The largest value, or with sign -1 the smallest. */
    static final class Extreme extends Partial {

        private final int sign;
        private @Nullable Object value;

        Extreme(int sign) {
            this.sign = sign;
        }

        @Override
        void add(Object candidate, long micros, long sequence) {
            if (value == null || sign * compare(candidate, value) > 0) {
                value = candidate;
            }
        }

        private static int compare(Object a, Object b) {
            return a instanceof Long number ? Long.compare(number, (Long) b) : Double.compare((Double) a, (Double) b);
        }

        @Override
        void merge(Partial other) {
            Object candidate = ((Extreme) other).value;
            if (candidate != null) {
                add(candidate, 0, 0);
            }
        }

        @Override
        @Nullable
        Object result() {
            return value;
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            Scalar.write(value, out);
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            value = Scalar.read(in);
        }
    }

    static final class Last extends Partial {

        private long micros = Long.MIN_VALUE;
        private long sequence = Long.MIN_VALUE;
        private @Nullable Object value;

        @Override
        void add(Object candidate, long candidateMicros, long candidateSequence) {
            if (value == null || newer(candidateMicros, candidateSequence, micros, sequence)) {
                value = candidate;
                micros = candidateMicros;
                sequence = candidateSequence;
            }
        }

        @Override
        void merge(Partial other) {
            Last last = (Last) other;
            if (last.value != null) {
                add(last.value, last.micros, last.sequence);
            }
        }

        @Override
        @Nullable
        Object result() {
            return value;
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            Scalar.write(value, out);
            out.writeSInt64NoTag(micros);
            out.writeSInt64NoTag(sequence);
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            value = Scalar.read(in);
            micros = in.readSInt64();
            sequence = in.readSInt64();
        }
    }

    /**
     * The newest n different values, newest first. Cutting at n loses nothing: a value only falls in rank as others come,
     * and its own return brings its own time.
     */
    static final class LastDistinct extends Partial {

        private record Seen(String value, long micros, long sequence) {}

        private final int n;
        private final List<Seen> newestFirst = new ArrayList<>();

        LastDistinct(int n) {
            this.n = n;
        }

        @Override
        void add(Object value, long micros, long sequence) {
            add(new Seen((String) value, micros, sequence));
        }

        private void add(Seen seen) {
            for (int i = 0; i < newestFirst.size(); i++) {
                Seen other = newestFirst.get(i);
                if (other.value.equals(seen.value)) {
                    if (!newer(seen.micros, seen.sequence, other.micros, other.sequence)) {
                        return;
                    }
                    newestFirst.remove(i);
                    break;
                }
            }
            int rank = 0;
            while (rank < newestFirst.size()
                    && newer(
                            newestFirst.get(rank).micros, newestFirst.get(rank).sequence, seen.micros, seen.sequence)) {
                rank++;
            }
            if (rank < n) {
                newestFirst.add(rank, seen);
                if (newestFirst.size() > n) {
                    newestFirst.removeLast();
                }
            }
        }

        @Override
        void merge(Partial other) {
            ((LastDistinct) other).newestFirst.forEach(this::add);
        }

        @Override
        List<String> result() {
            return newestFirst.stream().map(Seen::value).toList();
        }

        @Override
        void write(CodedOutputStream out) throws IOException {
            out.writeUInt32NoTag(newestFirst.size());
            long micros = 0;
            for (Seen seen : newestFirst) { // times as differences, which are short
                out.writeStringNoTag(seen.value);
                out.writeSInt64NoTag(micros - seen.micros);
                out.writeSInt64NoTag(seen.sequence);
                micros = seen.micros;
            }
        }

        @Override
        void read(CodedInputStream in) throws IOException {
            int size = in.readUInt32();
            long micros = 0;
            for (int i = 0; i < size; i++) {
                String value = in.readString();
                micros -= in.readSInt64();
                newestFirst.add(new Seen(value, micros, in.readSInt64()));
            }
        }
    }

    private static boolean newer(long micros, long sequence, long thanMicros, long thanSequence) {
        return micros != thanMicros ? micros > thanMicros : sequence > thanSequence;
    }
}
