package io.millrace.inference.runtime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
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
                ? datatype(tensor.onnxType)
                        .map(datatype -> new TensorSpec(node.getName(), datatype, Shape.of(tensor.getShape())))
                : Optional.empty();
    }

    static Optional<Datatype> datatype(OnnxTensorType type) {
        return Optional.ofNullable(
                switch (type) {
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Datatype.BOOL;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Datatype.UINT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Datatype.UINT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Datatype.UINT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Datatype.UINT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Datatype.INT8;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Datatype.INT16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Datatype.INT32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Datatype.INT64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Datatype.FP16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Datatype.FP32;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Datatype.FP64;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Datatype.BF16;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Datatype.BYTES;
                    case ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2,
                            ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ -> null;
                });
    }

    /** Whether the Java binding can make tensors of it: it has no larger unsigned numbers, and gives them all the same. */
    static boolean canBeInput(Datatype datatype) {
        return datatype != Datatype.UINT16 && datatype != Datatype.UINT32 && datatype != Datatype.UINT64;
    }

    static OnnxJavaType type(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> OnnxJavaType.BOOL;
            case UINT8 -> OnnxJavaType.UINT8;
            case INT8 -> OnnxJavaType.INT8;
            case INT16 -> OnnxJavaType.INT16;
            case INT32 -> OnnxJavaType.INT32;
            case INT64 -> OnnxJavaType.INT64;
            case FP16 -> OnnxJavaType.FLOAT16;
            case FP32 -> OnnxJavaType.FLOAT;
            case FP64 -> OnnxJavaType.DOUBLE;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case BYTES -> OnnxJavaType.STRING;
            case UINT16, UINT32, UINT64 -> throw new IllegalArgumentException(datatype + " is refused as an input");
        };
    }
}
