package io.millrace.inference.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.RefusedModelException;
import java.nio.ByteBuffer;

/** Loads ONNX files. Needs a direct buffer. */
public final class OnnxRuntime implements ModelRuntime {

    // Every error also comes as an exception; ONNX Runtime's own log would only repeat it on stderr.
    private final OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "millrace");

    private final OnnxProvider provider;
    private final int device;

    /** Runs models on the CPU. */
    public OnnxRuntime() {
        this(OnnxProvider.CPU, 0);
    }

    /** @param device the GPU's number, if the provider uses one */
    OnnxRuntime(OnnxProvider provider, int device) {
        this.provider = provider;
        this.device = device;
        if (provider == OnnxProvider.CUDA
                && !OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            throw new IllegalStateException(
                    "millrace.inference.onnx.provider: this ONNX Runtime has no CUDA; put onnxruntime_gpu on the class path instead of onnxruntime, or write cpu");
        }
    }

    /** The version of ONNX Runtime. */
    public String version() {
        return environment.getVersion();
    }

    @Override
    public LoadedModel load(ModelDefinition definition, ByteBuffer file) throws RefusedModelException {
        try (var options = new OrtSession.SessionOptions()) {
            // Several models share few cores: a batch runs on its instance's thread alone, and waits without spinning.
            if (provider == OnnxProvider.CUDA) {
                options.addCUDA(device);
            }
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return OnnxModel.of(environment, environment.createSession(file, options), definition);
        } catch (OrtException e) {
            throw new RefusedModelException("ONNX Runtime cannot load the file: " + e.getMessage(), e);
        }
    }
}
