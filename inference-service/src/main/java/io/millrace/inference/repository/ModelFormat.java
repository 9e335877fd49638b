package io.millrace.inference.repository;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of model files, under the protocol's names of their platforms. None of them is a Python pickle, which can be any program. */
enum ModelFormat {
    ONNX("onnx_onnxv1", "model.onnx"),
    /** Trees in XGBoost's JSON form, which are turned into an ONNX graph as they are loaded. */
    XGBOOST("xgboost_json", "model.json"),
    /** A PyTorch module. Its methods are programs in TorchScript, which run as they are: whoever may write models may run them. */
    TORCHSCRIPT("pytorch_torchscript", "model.pt");

    private final String platform;
    private final String file;

    ModelFormat(String platform, String file) {
        this.platform = platform;
        this.file = file;
    }

    static Optional<ModelFormat> of(String platform) {
        return Arrays.stream(values())
                .filter(format -> format.platform.equals(platform))
                .findFirst();
    }

    String platform() {
        return platform;
    }

    /** The name of the model's file in the folder of a version. */
    String file() {
        return file;
    }
}
