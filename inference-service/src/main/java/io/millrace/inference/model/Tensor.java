package io.millrace.inference.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A named array of values, in the protocol's raw form: row-major, little-endian, without padding; a {@link Datatype#BYTES}
 * element is its length as an int32 and then its bytes. The bytes belong to the tensor and never change.
 */
public record Tensor(String name, Datatype datatype, Shape shape, ByteBuffer data) {

    /** @throws InferenceException.InvalidRequest if the bytes are not those of such a shape */
    public Tensor {
        if (!shape.isConcrete()) {
            throw new InferenceException.InvalidRequest(
                    "\"%s\": shape %s has a negative dimension; send the sizes of this tensor".formatted(name, shape));
        }
        long elements;
        try {
            elements = shape.elements();
        } catch (ArithmeticException _) {
            throw new InferenceException.InvalidRequest("\"%s\": shape %s is too large".formatted(name, shape));
        }
        data = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (datatype == Datatype.BYTES) {
            long found = RawValues.countBytesElements(data);
            if (found != elements) {
                throw new InferenceException.InvalidRequest(
                        found < 0
                                ? "\"%s\": the BYTES elements are damaged; each is a little-endian int32 length and as many bytes"
                                        .formatted(name)
                                : "\"%s\": shape %s needs %d BYTES elements, got %d"
                                        .formatted(name, shape, elements, found));
            }
        } else if (elements > Integer.MAX_VALUE || elements * datatype.width() != data.remaining()) {
            throw new InferenceException.InvalidRequest(
                    "\"%s\": shape %s of %s needs %d elements of %d bytes, got %d bytes"
                            .formatted(name, shape, datatype, elements, datatype.width(), data.remaining()));
        }
    }

    /** The bytes, with a position of the caller's own. */
    @Override
    public ByteBuffer data() {
        return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
}
