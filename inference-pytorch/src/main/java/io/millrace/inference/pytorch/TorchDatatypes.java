package io.millrace.inference.pytorch;

import ai.djl.ndarray.types.DataType;
import io.millrace.inference.model.Datatype;
import java.util.Optional;

/** PyTorch's types in the protocol's words. */
final class TorchDatatypes {

    private TorchDatatypes() {}

    static Optional<DataType> type(Datatype datatype) {
        return Optional.ofNullable(
                switch (datatype) {
                    case BOOL -> DataType.BOOLEAN;
                    case UINT8 -> DataType.UINT8;
                    case INT8 -> DataType.INT8;
                    case INT32 -> DataType.INT32;
                    case INT64 -> DataType.INT64;
                    case FP16 -> DataType.FLOAT16;
                    case FP32 -> DataType.FLOAT32;
                    case FP64 -> DataType.FLOAT64;
                    case UINT16, UINT32, UINT64, INT16, BF16, BYTES -> null;
                });
    }
}
