package io.millrace.inference.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.RawValues;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Tensors in gRPC messages: all raw, side by side in the message, or all typed, each in its own field. */
final class GrpcTensorCodec {

    private GrpcTensorCodec() {}

    /** Whether the inputs are raw, and so the outputs are to be. */
    static boolean isRaw(ModelInferRequest request) {
        return request.getRawInputContentsCount() > 0;
    }

    /** @throws InvalidRequest if the request contradicts itself */
    static List<Tensor> decode(ModelInferRequest request) {
        boolean raw = isRaw(request);
        if (raw && request.getRawInputContentsCount() != request.getInputsCount()) {
            throw new InvalidRequest("raw_input_contents has %d entries for %d inputs; send one for each"
                    .formatted(request.getRawInputContentsCount(), request.getInputsCount()));
        }
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < request.getInputsCount(); i++) {
            InferInputTensor input = request.getInputs(i);
            if (raw && input.hasContents()) {
                throw new InvalidRequest(
                        "\"%s\" has contents beside raw_input_contents; send one of them".formatted(input.getName()));
            }
            Datatype datatype = datatype(input.getName(), input.getDatatype());
            ByteBuffer data = raw
                    ? request.getRawInputContents(i).asReadOnlyByteBuffer()
                    : data(input.getName(), datatype, input.getContents());
            tensors.add(new Tensor(input.getName(), datatype, new Shape(input.getShapeList()), data));
        }
        return tensors;
    }

    /** The datatype with this name, for the tensor with that one. */
    static Datatype datatype(String tensor, String name) {
        return Datatype.named(name)
                .orElseThrow(() -> new InvalidRequest("\"%s\" has datatype \"%s\"; served are %s"
                        .formatted(tensor, name, List.of(Datatype.values()))));
    }

    private static ByteBuffer data(String name, Datatype datatype, InferTensorContents contents) {
        // By index: the lists of protobuf would box each value.
        return switch (datatype) {
            case UINT8, UINT16, UINT32 -> {
                ByteBuffer data = allocate(contents.getUintContentsCount(), datatype);
                for (int i = 0; i < contents.getUintContentsCount(); i++) {
                    putWhole(data, name, datatype, Integer.toUnsignedLong(contents.getUintContents(i)));
                }
                yield data.flip();
            }
            case INT8, INT16 -> {
                ByteBuffer data = allocate(contents.getIntContentsCount(), datatype);
                for (int i = 0; i < contents.getIntContentsCount(); i++) {
                    putWhole(data, name, datatype, contents.getIntContents(i));
                }
                yield data.flip();
            }
            case UINT64 -> {
                ByteBuffer data = allocate(contents.getUint64ContentsCount(), datatype);
                for (int i = 0; i < contents.getUint64ContentsCount(); i++) {
                    data.putLong(contents.getUint64Contents(i));
                }
                yield data.flip();
            }
            case FP16, BF16 ->
                throw new InvalidRequest("\"%s\": the protocol has no contents for %s; send raw_input_contents"
                        .formatted(name, datatype));
            case BOOL -> {
                ByteBuffer data = allocate(contents.getBoolContentsCount(), datatype);
                for (int i = 0; i < contents.getBoolContentsCount(); i++) {
                    data.put((byte) (contents.getBoolContents(i) ? 1 : 0));
                }
                yield data.flip();
            }
            case INT32 -> {
                ByteBuffer data = allocate(contents.getIntContentsCount(), datatype);
                for (int i = 0; i < contents.getIntContentsCount(); i++) {
                    data.putInt(contents.getIntContents(i));
                }
                yield data.flip();
            }
            case INT64 -> {
                ByteBuffer data = allocate(contents.getInt64ContentsCount(), datatype);
                for (int i = 0; i < contents.getInt64ContentsCount(); i++) {
                    data.putLong(contents.getInt64Contents(i));
                }
                yield data.flip();
            }
            case FP32 -> {
                ByteBuffer data = allocate(contents.getFp32ContentsCount(), datatype);
                for (int i = 0; i < contents.getFp32ContentsCount(); i++) {
                    data.putFloat(contents.getFp32Contents(i));
                }
                yield data.flip();
            }
            case FP64 -> {
                ByteBuffer data = allocate(contents.getFp64ContentsCount(), datatype);
                for (int i = 0; i < contents.getFp64ContentsCount(); i++) {
                    data.putDouble(contents.getFp64Contents(i));
                }
                yield data.flip();
            }
            case BYTES ->
                RawValues.encodeBytes(contents.getBytesContentsList().stream()
                        .map(ByteString::toByteArray)
                        .toList());
        };
    }

    /** The types that share a field with wider ones, where a value may not fit. */
    private static void putWhole(ByteBuffer data, String name, Datatype datatype, long value) {
        int free = Long.SIZE - Byte.SIZE * datatype.width();
        boolean signed = datatype == Datatype.INT8 || datatype == Datatype.INT16;
        if ((signed ? value << free >> free : value << free >>> free) != value) {
            throw new InvalidRequest("\"%s\": %d is not a value of %s".formatted(name, value, datatype));
        }
        switch (datatype.width()) {
            case Byte.BYTES -> data.put((byte) value);
            case Short.BYTES -> data.putShort((short) value);
            default -> data.putInt((int) value);
        }
    }

    private static ByteBuffer allocate(int count, Datatype datatype) {
        return ByteBuffer.allocate(Math.multiplyExact(count, datatype.width())).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @param asked whether the caller prefers raw outputs, which it gets too where an output has no other form */
    static void encode(List<Tensor> outputs, boolean asked, ModelInferResponse.Builder response) {
        boolean raw =
                asked || outputs.stream().anyMatch(output -> output.datatype().isRawOnly());
        for (Tensor output : outputs) {
            InferOutputTensor.Builder tensor = response.addOutputsBuilder()
                    .setName(output.name())
                    .setDatatype(output.datatype().name())
                    .addAllShape(output.shape().dimensions());
            if (raw) {
                // A tensor's bytes never change.
                response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(output.data()));
            } else {
                tensor.setContents(contents(output));
            }
        }
    }

    private static InferTensorContents contents(Tensor output) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        ByteBuffer data = output.data();
        while (data.hasRemaining()) {
            switch (output.datatype()) {
                case BOOL -> contents.addBoolContents(data.get() != 0);
                case UINT8 -> contents.addUintContents(Byte.toUnsignedInt(data.get()));
                case UINT16 -> contents.addUintContents(Short.toUnsignedInt(data.getShort()));
                case UINT32 -> contents.addUintContents(data.getInt());
                case UINT64 -> contents.addUint64Contents(data.getLong());
                case INT8 -> contents.addIntContents(data.get());
                case INT16 -> contents.addIntContents(data.getShort());
                case INT32 -> contents.addIntContents(data.getInt());
                case INT64 -> contents.addInt64Contents(data.getLong());
                case FP32 -> contents.addFp32Contents(data.getFloat());
                case FP64 -> contents.addFp64Contents(data.getDouble());
                case FP16, BF16 -> throw new AssertionError("these are answered raw");
                case BYTES -> contents.addBytesContents(ByteString.copyFrom(RawValues.nextElement(data)));
            }
        }
        return contents.build();
    }
}
