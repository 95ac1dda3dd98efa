package dev.wsroute.e2e.cluster.api.http;

import java.util.HashMap;
import java.util.Map;

/** The protobuf messages of Kubernetes' API (generated.proto) that kubectl sends, with the fields that matter. */
final class ProtobufMessages {

    /**
     * A field of a message.
     *
     * @param type "string", "int", "nonzero" (an int whose 0 means absent), "bool", "bytes", "map", "bytesMap" or a
     *     message; "" is skipped
     */
    record Field(String name, String type, boolean repeated) {}

    private static final Field SKIPPED = new Field("", "", false);

    private static final Map<String, Map<Integer, Field>> MESSAGES = parse("""
            Unknown: 1 typeMeta TypeMeta, 2 raw bytes
            TypeMeta: 1 apiVersion string, 2 kind string
            map: 1 key string, 2 value string
            bytesMap: 1 key string, 2 value bytes
            Time: 1 seconds int
            IntOrString: 1 type int, 2 int int, 3 str string
            ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 5 uid string, 6 resourceVersion string, 11 labels map, 12 annotations map, 13 ownerReferences OwnerReference*, 14 finalizers string*
            OwnerReference: 1 kind string, 3 name string, 4 uid string, 5 apiVersion string, 6 controller bool, 7 blockOwnerDeletion bool
            Namespace: 1 metadata ObjectMeta
            ConfigMap: 1 metadata ObjectMeta, 2 data map, 3 binaryData bytesMap, 4 immutable bool
            Secret: 1 metadata ObjectMeta, 2 data bytesMap, 3 type string, 4 stringData map, 5 immutable bool
            ServiceAccount: 1 metadata ObjectMeta, 4 automountServiceAccountToken bool
            Service: 1 metadata ObjectMeta, 2 spec ServiceSpec
            ServiceSpec: 1 ports ServicePort*, 2 selector map, 3 clusterIP string, 4 type string, 5 externalIPs string*, 7 sessionAffinity string, 10 externalName string
            ServicePort: 1 name string, 2 protocol string, 3 port int, 4 targetPort IntOrString, 5 nodePort nonzero, 6 appProtocol string
            Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec
            DeploymentSpec: 1 replicas int, 2 selector LabelSelector, 3 template PodTemplateSpec, 5 minReadySeconds nonzero
            LabelSelector: 1 matchLabels map
            PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
            PodSpec: 2 containers Container*, 3 restartPolicy string, 4 terminationGracePeriodSeconds int
            Container: 1 name string, 2 image string, 3 command string*, 4 args string*, 6 ports ContainerPort*, 7 env EnvVar*
            ContainerPort: 1 name string, 3 containerPort int, 4 protocol string
            EnvVar: 1 name string, 2 value string
            Role: 1 metadata ObjectMeta, 2 rules PolicyRule*
            ClusterRole: 1 metadata ObjectMeta, 2 rules PolicyRule*
            PolicyRule: 1 verbs string*, 2 apiGroups string*, 3 resources string*, 4 resourceNames string*, 5 nonResourceURLs string*
            RoleBinding: 1 metadata ObjectMeta, 2 subjects Subject*, 3 roleRef RoleRef
            ClusterRoleBinding: 1 metadata ObjectMeta, 2 subjects Subject*, 3 roleRef RoleRef
            Subject: 1 kind string, 2 apiGroup string, 3 name string, 4 namespace string
            RoleRef: 1 apiGroup string, 2 kind string, 3 name string
            PodDisruptionBudget: 1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec
            PodDisruptionBudgetSpec: 1 minAvailable IntOrString, 2 selector LabelSelector, 3 maxUnavailable IntOrString
            Eviction: 1 metadata ObjectMeta, 2 deleteOptions DeleteOptions
            DeleteOptions: 1 gracePeriodSeconds int, 2 preconditions Preconditions, 3 orphanDependents bool, 4 propagationPolicy string, 5 dryRun string*
            Preconditions: 1 uid string, 2 resourceVersion string
            SelfSubjectAccessReview: 1 metadata ObjectMeta
            SelfSubjectRulesReview: 1 metadata ObjectMeta
            SelfSubjectReview: 1 metadata ObjectMeta
            """);

    private ProtobufMessages() {}

    static boolean knows(String message) {
        return MESSAGES.containsKey(message);
    }

    static Field field(String message, int number) {
        return MESSAGES.getOrDefault(message, Map.of()).getOrDefault(number, SKIPPED);
    }

    private static Map<String, Map<Integer, Field>> parse(String text) {
        Map<String, Map<Integer, Field>> messages = new HashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(':');
            Map<Integer, Field> fields = new HashMap<>();
            for (String declaration : line.substring(colon + 2).split(", ", -1)) {
                String[] parts = declaration.split(" ", -1);
                boolean repeated = parts[2].endsWith("*");
                fields.put(Integer.valueOf(parts[0]), new Field(parts[1], parts[2].replace("*", ""), repeated));
            }
            messages.put(line.substring(0, colon), Map.copyOf(fields));
        });
        return Map.copyOf(messages);
    }
}
