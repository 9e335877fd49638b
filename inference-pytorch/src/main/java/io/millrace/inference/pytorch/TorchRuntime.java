package io.millrace.inference.pytorch;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtModel;
import io.millrace.inference.model.LoadedModel;
import io.millrace.inference.model.ModelDefinition;
import io.millrace.inference.model.ModelRuntime;
import io.millrace.inference.model.RefusedModelException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Loads TorchScript archives on the CPU, through DJL. Found by its name in {@code META-INF/services}. */
public final class TorchRuntime implements ModelRuntime {

    private static final String ENGINE = "PyTorch";

    private final Engine engine;

    /** Loads PyTorch's library, which is unpacked into the folder {@code DJL_CACHE_DIR} the first time. */
    public TorchRuntime() {
        System.setProperty("ai.djl.offline", "true"); // a service fetches no libraries, and tells nobody that it runs
        // As with ONNX Runtime: a batch runs on its instance's thread alone.
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        // It would compile anew for batches of other sizes.
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
        // DJL looks for its engines with the class loader of the thread.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TorchRuntime.class.getClassLoader());
        try {
            engine = Engine.getEngine(ENGINE);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public LoadedModel load(ModelDefinition definition, ByteBuffer file) throws RefusedModelException {
        byte[] archive = new byte[file.remaining()];
        file.duplicate().get(archive);
        PtModel model = (PtModel) engine.newModel("model", Device.cpu());
        boolean taken = false;
        try {
            model.load(new ByteArrayInputStream(archive), false);
            var loaded = TorchModel.of(model, definition);
            taken = true;
            return loaded;
        } catch (MalformedModelException | IOException | EngineException e) {
            throw new RefusedModelException("PyTorch cannot load the file: " + e.getMessage(), e);
        } finally {
            if (!taken) {
                model.close();
            }
        }
    }
}
