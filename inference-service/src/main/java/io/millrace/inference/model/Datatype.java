package io.millrace.inference.model;

import java.util.Arrays;
import java.util.Optional;

/** The datatypes of the Open Inference Protocol, under the protocol's names. */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    FP32(4),
    FP64(8),
    /** The upper half of an FP32. */
    BF16(2),
    /** Text in UTF-8 as far as models are concerned; elements have no fixed width. */
    BYTES(0);

    private final int width;

    Datatype(int width) {
        this.width = width;
    }

    /** The datatype with this name in the protocol. */
    public static Optional<Datatype> named(String name) {
        return Arrays.stream(values())
                .filter(datatype -> datatype.name().equals(name))
                .findFirst();
    }

    /** Bytes of one element, 0 for {@link #BYTES}. */
    public int width() {
        return width;
    }

    /** Whether values have only their raw form on the wire: the protocol has no JSON and no typed field for halves. */
    public boolean isRawOnly() {
        return this == FP16 || this == BF16;
    }

    /** Whether values are floating-point numbers, which may also be no number at all. */
    public boolean isFloating() {
        return this == FP16 || this == FP32 || this == FP64 || this == BF16;
    }
}
