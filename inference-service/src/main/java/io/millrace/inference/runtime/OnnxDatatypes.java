package io.millrace.inference.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import io.millrace.inference.model.Datatype;
import io.millrace.inference.model.Shape;
import io.millrace.inference.model.TensorSpec;
import java.util.Optional;

/** ONNX Runtime's types in the protocol's words. */
final class OnnxDatatypes {

    private OnnxDatatypes() {}

    /** The input or output as a tensor, if it is one of a datatype that is served. */
    static Optional<TensorSpec> spec(NodeInfo node) {
        return node.getInfo() instanceof TensorInfo tensor
                ? datatype(tensor.type)
                        .map(datatype -> new TensorSpec(node.getName(), datatype, Shape.of(tensor.getShape())))
                : Optional.empty();
    }

    static Optional<Datatype> datatype(OnnxJavaType type) {
        return Optional.ofNullable(
                switch (type) {
                    case BOOL -> Datatype.BOOL;
                    case INT32 -> Datatype.INT32;
                    case INT64 -> Datatype.INT64;
                    case FLOAT -> Datatype.FP32;
                    case DOUBLE -> Datatype.FP64;
                    case STRING -> Datatype.BYTES;
                    case INT8, INT16, UINT8, FLOAT16, BFLOAT16, UNKNOWN -> null;
                });
    }

    static OnnxJavaType type(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case BYTES -> OnnxJavaType.STRING;
        };
    }
}
