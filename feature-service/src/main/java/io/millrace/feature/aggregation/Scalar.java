package io.millrace.feature.aggregation;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One column value in bytes: a tag, then the value. */
final class Scalar {

    private static final int NONE = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int LONG = 3;
    private static final int DOUBLE = 4;
    private static final int STRING = 5;

    private Scalar() {}

    static void write(@Nullable Object value, CodedOutputStream out) throws IOException {
        switch (value) {
            case null -> out.writeUInt32NoTag(NONE);
            case Boolean flag -> out.writeUInt32NoTag(flag ? TRUE : FALSE);
            case Long number -> {
                out.writeUInt32NoTag(LONG);
                out.writeSInt64NoTag(number);
            }
            case Double number -> {
                out.writeUInt32NoTag(DOUBLE);
                out.writeDoubleNoTag(number);
            }
            case String text -> {
                out.writeUInt32NoTag(STRING);
                out.writeStringNoTag(text);
            }
            default -> throw new IllegalArgumentException("no column value: " + value.getClass());
        }
    }

    static @Nullable Object read(CodedInputStream in) throws IOException {
        int tag = in.readUInt32();
        return switch (tag) {
            case NONE -> null;
            case TRUE -> Boolean.TRUE;
            case FALSE -> Boolean.FALSE;
            case LONG -> in.readSInt64();
            case DOUBLE -> in.readDouble();
            case STRING -> in.readString();
            default -> throw new IOException("no tag of a column value: " + tag);
        };
    }
}
