import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.opensearch.Version;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.IndexService;
import org.opensearch.index.shard.IndexSettingProvider;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;

/**
 * A node of the tests' cluster, from the class path alone: its folder, then settings as name=value.
 *
 * It ends when its input does, so that no node outlives whoever started it.
 */
public class ClusterNode extends Node {
    private static final String[][] MODULES = {
        // The names of 3.x, then those of 2.x.
        {"org.opensearch.transport.Netty4ModulePlugin", "org.opensearch.transport.Netty4Plugin"},
        {
            "org.opensearch.analysis.common.CommonAnalysisModulePlugin",
            "org.opensearch.analysis.common.CommonAnalysisPlugin"
        },
        {"org.opensearch.index.reindex.ReindexModulePlugin", "org.opensearch.index.reindex.ReindexPlugin"},
        {"org.opensearch.painless.PainlessModulePlugin", "org.opensearch.painless.PainlessPlugin"},
        {"ClusterNode$QuickNotes", "ClusterNode$QuickNotes"},
    };

    /**
     * Lets the copies of a shard note how far they are every second, not twice a minute: who merges
     * an index waits for that. OpenSearch has the setting for tests, and knows it from them alone.
     */
    public static class QuickNotes extends Plugin {
        private static final Setting<?> INTERVAL = IndexService.RETENTION_LEASE_SYNC_INTERVAL_SETTING;

        @Override
        public List<Setting<?>> getSettings() {
            return List.of(INTERVAL);
        }

        @Override
        public Collection<IndexSettingProvider> getAdditionalIndexSettingProviders() {
            Settings everySecond = Settings.builder().put(INTERVAL.getKey(), "1s").build();
            return List.of(new IndexSettingProvider() {
                @Override
                public Settings getAdditionalIndexSettings(
                        String name, boolean isDataStream, Settings others) {
                    return everySecond;
                }
            });
        }
    }

    /** 3.x takes descriptions of modules, 2.x their classes: the raw type fits both constructors. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    ClusterNode(Environment environment, Collection modules) {
        super(environment, modules, false);
    }

    private static Object module(String[] names) throws ClassNotFoundException {
        try {
            String type = Class.forName(names[0]).getName();
            return new PluginInfo(
                type, "a module", "NA", Version.CURRENT, "17", type, null, List.of(), false);
        } catch (ClassNotFoundException absent) {
            return Class.forName(names[1]);
        }
    }

    public static void main(String[] words) throws Exception {
        Settings.Builder settings =
            Settings.builder().put("path.home", Path.of(words[0]).toAbsolutePath().toString());
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        List<Object> modules = new ArrayList<>();
        for (String[] names : MODULES) {
            modules.add(module(names));
        }
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), null, () -> "node");
        Thread watch = new Thread(ClusterNode::endWithInput);
        watch.setDaemon(true);
        watch.start();
        new ClusterNode(environment, modules).start();
        Thread.currentThread().join();
    }

    private static void endWithInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written to it.
            }
        } catch (IOException broken) {
            // As good as its end.
        }
        // The folder goes with the cluster: there is nothing to be closed with care.
        Runtime.getRuntime().halt(0);
    }
}
