/* Made by tests/data/simulator/api_types.py from k8s.io/api and k8s.io/apimachinery 0.34: do not edit. */
#include "simulator/api_types.h"

/* clang-format off */
const struct api_type api_types_core[] = {
    {"core.AWSElasticBlockStoreVolumeSource",
     "volumeID=1s fsType=2s partition=3i readOnly=4b"},
    {"core.Affinity",
     "nodeAffinity=1NodeAffinity podAffinity=2PodAffinity podAntiAffinity=3PodAntiAffinity"},
    {"core.AppArmorProfile",
     "type=1s localhostProfile=2s?"},
    {"core.AttachedVolume",
     "name=1s devicePath=2s"},
    {"core.AzureDiskVolumeSource",
     "diskName=1s diskURI=2s cachingMode=3s? fsType=4s? readOnly=5b? kind=6s?"},
    {"core.AzureFilePersistentVolumeSource",
     "secretName=1s shareName=2s readOnly=3b secretNamespace=4s?"},
    {"core.AzureFileVolumeSource",
     "secretName=1s shareName=2s readOnly=3b"},
    {"core.CSIPersistentVolumeSource",
     "driver=1s volumeHandle=2s readOnly=3b fsType=4s volumeAttributes=5{}s "
     "controllerPublishSecretRef=6SecretReference nodeStageSecretRef=7SecretReference "
     "nodePublishSecretRef=8SecretReference controllerExpandSecretRef=9SecretReference "
     "nodeExpandSecretRef=10SecretReference"},
    {"core.CSIVolumeSource",
     "driver=1s readOnly=2b? fsType=3s? volumeAttributes=4{}s "
     "nodePublishSecretRef=5LocalObjectReference"},
    {"core.Capabilities",
     "add=1*s drop=2*s"},
    {"core.CephFSPersistentVolumeSource",
     "monitors=1*s path=2s user=3s secretFile=4s secretRef=5SecretReference readOnly=6b"},
    {"core.CephFSVolumeSource",
     "monitors=1*s path=2s user=3s secretFile=4s secretRef=5LocalObjectReference readOnly=6b"},
    {"core.CinderPersistentVolumeSource",
     "volumeID=1s fsType=2s readOnly=3b secretRef=4SecretReference"},
    {"core.CinderVolumeSource",
     "volumeID=1s fsType=2s readOnly=3b secretRef=4LocalObjectReference"},
    {"core.ClientIPConfig",
     "timeoutSeconds=1i?"},
    {"core.ClusterTrustBundleProjection",
     "name=1s? signerName=2s? labelSelector=3meta.LabelSelector optional=5b? path=4s"},
    {"core.ConfigMap",
     "metadata=1meta.ObjectMeta immutable=4b? data=2{}s binaryData=3{}y"},
    {"core.ConfigMapEnvSource",
     "=1LocalObjectReference optional=2b?"},
    {"core.ConfigMapKeySelector",
     "=1LocalObjectReference key=2s optional=3b?"},
    {"core.ConfigMapNodeConfigSource",
     "namespace=1s name=2s uid=3s resourceVersion=4s kubeletConfigKey=5s"},
    {"core.ConfigMapProjection",
     "=1LocalObjectReference items=2*KeyToPath optional=4b?"},
    {"core.ConfigMapVolumeSource",
     "=1LocalObjectReference items=2*KeyToPath defaultMode=3i? optional=4b?"},
    {"core.Container",
     "name=1s image=2s command=3*s args=4*s workingDir=5s ports=6*ContainerPort "
     "envFrom=19*EnvFromSource env=7*EnvVar resources=8ResourceRequirements "
     "resizePolicy=23*ContainerResizePolicy restartPolicy=24s? "
     "restartPolicyRules=25*ContainerRestartRule volumeMounts=9*VolumeMount "
     "volumeDevices=21*VolumeDevice livenessProbe=10Probe readinessProbe=11Probe startupProbe=22Probe "
     "lifecycle=12Lifecycle terminationMessagePath=13s terminationMessagePolicy=20s "
     "imagePullPolicy=14s securityContext=15SecurityContext stdin=16b stdinOnce=17b tty=18b"},
    {"core.ContainerExtendedResourceRequest",
     "containerName=1s resourceName=2s requestName=3s"},
    {"core.ContainerImage",
     "names=1*s sizeBytes=2i"},
    {"core.ContainerPort",
     "name=1s hostPort=2i containerPort=3i protocol=4s hostIP=5s"},
    {"core.ContainerResizePolicy",
     "resourceName=1s restartPolicy=2s"},
    {"core.ContainerRestartRule",
     ""},
    {"core.ContainerState",
     "waiting=1ContainerStateWaiting running=2ContainerStateRunning "
     "terminated=3ContainerStateTerminated"},
    {"core.ContainerStateRunning",
     "startedAt=1T"},
    {"core.ContainerStateTerminated",
     "exitCode=1i signal=2i reason=3s message=4s startedAt=5T finishedAt=6T containerID=7s"},
    {"core.ContainerStateWaiting",
     "reason=1s message=2s"},
    {"core.ContainerStatus",
     "name=1s state=2ContainerState lastState=3ContainerState ready=4b restartCount=5i image=6s "
     "imageID=7s containerID=8s started=9b? allocatedResources=10{}Q resources=11ResourceRequirements "
     "volumeMounts=12*VolumeMountStatus user=13ContainerUser "
     "allocatedResourcesStatus=14*ResourceStatus stopSignal=15s?"},
    {"core.ContainerUser",
     "linux=1LinuxContainerUser"},
    {"core.DaemonEndpoint",
     "Port=1i"},
    {"core.DownwardAPIProjection",
     "items=1*DownwardAPIVolumeFile"},
    {"core.DownwardAPIVolumeFile",
     "path=1s fieldRef=2ObjectFieldSelector resourceFieldRef=3ResourceFieldSelector mode=4i?"},
    {"core.DownwardAPIVolumeSource",
     "items=1*DownwardAPIVolumeFile defaultMode=2i?"},
    {"core.EmptyDirVolumeSource",
     "medium=1s sizeLimit=2Q?"},
    {"core.EndpointAddress",
     "ip=1s hostname=3s nodeName=4s? targetRef=2ObjectReference"},
    {"core.EndpointPort",
     "name=1s port=2i protocol=3s appProtocol=4s?"},
    {"core.EndpointSubset",
     "addresses=1*EndpointAddress notReadyAddresses=2*EndpointAddress ports=3*EndpointPort"},
    {"core.Endpoints",
     "metadata=1meta.ObjectMeta subsets=2*EndpointSubset"},
    {"core.EnvFromSource",
     "prefix=1s configMapRef=2ConfigMapEnvSource secretRef=3SecretEnvSource"},
    {"core.EnvVar",
     "name=1s value=2s valueFrom=3EnvVarSource"},
    {"core.EnvVarSource",
     "fieldRef=1ObjectFieldSelector resourceFieldRef=2ResourceFieldSelector "
     "configMapKeyRef=3ConfigMapKeySelector secretKeyRef=4SecretKeySelector "
     "fileKeyRef=5FileKeySelector"},
    {"core.EphemeralContainer",
     "=1EphemeralContainerCommon targetContainerName=2s"},
    {"core.EphemeralContainerCommon",
     "name=1s image=2s command=3*s args=4*s workingDir=5s ports=6*ContainerPort "
     "envFrom=19*EnvFromSource env=7*EnvVar resources=8ResourceRequirements "
     "resizePolicy=23*ContainerResizePolicy restartPolicy=24s? "
     "restartPolicyRules=25*ContainerRestartRule volumeMounts=9*VolumeMount "
     "volumeDevices=21*VolumeDevice livenessProbe=10Probe readinessProbe=11Probe startupProbe=22Probe "
     "lifecycle=12Lifecycle terminationMessagePath=13s terminationMessagePolicy=20s "
     "imagePullPolicy=14s securityContext=15SecurityContext stdin=16b stdinOnce=17b tty=18b"},
    {"core.EphemeralVolumeSource",
     "volumeClaimTemplate=1PersistentVolumeClaimTemplate"},
    {"core.Event",
     "metadata=1meta.ObjectMeta involvedObject=2ObjectReference reason=3s message=4s "
     "source=5EventSource firstTimestamp=6T lastTimestamp=7T count=8i type=9s eventTime=10T "
     "series=11EventSeries action=12s related=13ObjectReference reportingComponent=14s "
     "reportingInstance=15s"},
    {"core.EventSeries",
     "count=1i lastObservedTime=2T"},
    {"core.EventSource",
     "component=1s host=2s"},
    {"core.ExecAction",
     "command=1*s"},
    {"core.FCVolumeSource",
     "targetWWNs=1*s lun=2i? fsType=3s readOnly=4b wwids=5*s"},
    {"core.FileKeySelector",
     "volumeName=1s path=2s key=3s optional=4b?"},
    {"core.FlexPersistentVolumeSource",
     "driver=1s fsType=2s secretRef=3SecretReference readOnly=4b options=5{}s"},
    {"core.FlexVolumeSource",
     "driver=1s fsType=2s secretRef=3LocalObjectReference readOnly=4b options=5{}s"},
    {"core.FlockerVolumeSource",
     "datasetName=1s datasetUUID=2s"},
    {"core.GCEPersistentDiskVolumeSource",
     "pdName=1s fsType=2s partition=3i readOnly=4b"},
    {"core.GRPCAction",
     "port=1i service=2s?"},
    {"core.GitRepoVolumeSource",
     "repository=1s revision=2s directory=3s"},
    {"core.GlusterfsPersistentVolumeSource",
     "endpoints=1s path=2s readOnly=3b endpointsNamespace=4s?"},
    {"core.GlusterfsVolumeSource",
     "endpoints=1s path=2s readOnly=3b"},
    {"core.HTTPGetAction",
     "path=1s port=2I host=3s scheme=4s httpHeaders=5*HTTPHeader"},
    {"core.HTTPHeader",
     "name=1s value=2s"},
    {"core.HostAlias",
     "ip=1s hostnames=2*s"},
    {"core.HostIP",
     "ip=1s"},
    {"core.HostPathVolumeSource",
     "path=1s type=2s?"},
    {"core.ISCSIPersistentVolumeSource",
     "targetPortal=1s iqn=2s lun=3i iscsiInterface=4s fsType=5s readOnly=6b portals=7*s "
     "chapAuthDiscovery=8b chapAuthSession=11b secretRef=10SecretReference initiatorName=12s?"},
    {"core.ISCSIVolumeSource",
     "targetPortal=1s iqn=2s lun=3i iscsiInterface=4s fsType=5s readOnly=6b portals=7*s "
     "chapAuthDiscovery=8b chapAuthSession=11b secretRef=10LocalObjectReference initiatorName=12s?"},
    {"core.ImageVolumeSource",
     "reference=1s pullPolicy=2s"},
    {"core.KeyToPath",
     "key=1s path=2s mode=3i?"},
    {"core.Lifecycle",
     "postStart=1LifecycleHandler preStop=2LifecycleHandler stopSignal=3s?"},
    {"core.LifecycleHandler",
     "exec=1ExecAction httpGet=2HTTPGetAction tcpSocket=3TCPSocketAction sleep=4SleepAction"},
    {"core.LimitRange",
     "metadata=1meta.ObjectMeta spec=2LimitRangeSpec"},
    {"core.LimitRangeItem",
     "type=1s max=2{}Q min=3{}Q default=4{}Q defaultRequest=5{}Q maxLimitRequestRatio=6{}Q"},
    {"core.LimitRangeSpec",
     "limits=1*LimitRangeItem"},
    {"core.LinuxContainerUser",
     "uid=1i gid=2i supplementalGroups=3*i"},
    {"core.LoadBalancerIngress",
     "ip=1s hostname=2s ipMode=3s? ports=4*PortStatus"},
    {"core.LoadBalancerStatus",
     "ingress=1*LoadBalancerIngress"},
    {"core.LocalObjectReference",
     "name=1s"},
    {"core.LocalVolumeSource",
     "path=1s fsType=2s?"},
    {"core.ModifyVolumeStatus",
     "targetVolumeAttributesClassName=1s status=2s"},
    {"core.NFSVolumeSource",
     "server=1s path=2s readOnly=3b"},
    {"core.Namespace",
     "metadata=1meta.ObjectMeta spec=2NamespaceSpec status=3NamespaceStatus"},
    {"core.NamespaceCondition",
     "type=1s status=2s lastTransitionTime=4T reason=5s message=6s"},
    {"core.NamespaceSpec",
     "finalizers=1*s"},
    {"core.NamespaceStatus",
     "phase=1s conditions=2*NamespaceCondition"},
    {"core.Node",
     "metadata=1meta.ObjectMeta spec=2NodeSpec status=3NodeStatus"},
    {"core.NodeAddress",
     "type=1s address=2s"},
    {"core.NodeAffinity",
     "requiredDuringSchedulingIgnoredDuringExecution=1NodeSelector "
     "preferredDuringSchedulingIgnoredDuringExecution=2*PreferredSchedulingTerm"},
    {"core.NodeCondition",
     "type=1s status=2s lastHeartbeatTime=3T lastTransitionTime=4T reason=5s message=6s"},
    {"core.NodeConfigSource",
     "configMap=2ConfigMapNodeConfigSource"},
    {"core.NodeConfigStatus",
     "assigned=1NodeConfigSource active=2NodeConfigSource lastKnownGood=3NodeConfigSource error=4s"},
    {"core.NodeDaemonEndpoints",
     "kubeletEndpoint=1DaemonEndpoint"},
    {"core.NodeFeatures",
     "supplementalGroupsPolicy=1b?"},
    {"core.NodeRuntimeHandler",
     "name=1s features=2NodeRuntimeHandlerFeatures"},
    {"core.NodeRuntimeHandlerFeatures",
     "recursiveReadOnlyMounts=1b? userNamespaces=2b?"},
    {"core.NodeSelector",
     "nodeSelectorTerms=1*NodeSelectorTerm"},
    {"core.NodeSelectorRequirement",
     "key=1s operator=2s values=3*s"},
    {"core.NodeSelectorTerm",
     "matchExpressions=1*NodeSelectorRequirement matchFields=2*NodeSelectorRequirement"},
    {"core.NodeSpec",
     "podCIDR=1s podCIDRs=7*s providerID=3s unschedulable=4b taints=5*Taint "
     "configSource=6NodeConfigSource externalID=2s"},
    {"core.NodeStatus",
     "capacity=1{}Q allocatable=2{}Q phase=3s conditions=4*NodeCondition addresses=5*NodeAddress "
     "daemonEndpoints=6NodeDaemonEndpoints nodeInfo=7NodeSystemInfo images=8*ContainerImage "
     "volumesInUse=9*s volumesAttached=10*AttachedVolume config=11NodeConfigStatus "
     "runtimeHandlers=12*NodeRuntimeHandler features=13NodeFeatures"},
    {"core.NodeSwapStatus",
     "capacity=1i?"},
    {"core.NodeSystemInfo",
     "machineID=1s systemUUID=2s bootID=3s kernelVersion=4s osImage=5s containerRuntimeVersion=6s "
     "kubeletVersion=7s kubeProxyVersion=8s operatingSystem=9s architecture=10s swap=11NodeSwapStatus"},
    {"core.ObjectFieldSelector",
     "apiVersion=1s fieldPath=2s"},
    {"core.ObjectReference",
     "kind=1s namespace=2s name=3s uid=4s apiVersion=5s resourceVersion=6s fieldPath=7s"},
    {"core.PersistentVolume",
     "metadata=1meta.ObjectMeta spec=2PersistentVolumeSpec status=3PersistentVolumeStatus"},
    {"core.PersistentVolumeClaim",
     "metadata=1meta.ObjectMeta spec=2PersistentVolumeClaimSpec status=3PersistentVolumeClaimStatus"},
    {"core.PersistentVolumeClaimCondition",
     "type=1s status=2s lastProbeTime=3T lastTransitionTime=4T reason=5s message=6s"},
    {"core.PersistentVolumeClaimSpec",
     "accessModes=1*s selector=4meta.LabelSelector resources=2VolumeResourceRequirements volumeName=3s "
     "storageClassName=5s? volumeMode=6s? dataSource=7TypedLocalObjectReference "
     "dataSourceRef=8TypedObjectReference volumeAttributesClassName=9s?"},
    {"core.PersistentVolumeClaimStatus",
     "phase=1s accessModes=2*s capacity=3{}Q conditions=4*PersistentVolumeClaimCondition "
     "allocatedResources=5{}Q allocatedResourceStatuses=7{}s currentVolumeAttributesClassName=8s? "
     "modifyVolumeStatus=9ModifyVolumeStatus"},
    {"core.PersistentVolumeClaimTemplate",
     "metadata=1meta.ObjectMeta spec=2PersistentVolumeClaimSpec"},
    {"core.PersistentVolumeClaimVolumeSource",
     "claimName=1s readOnly=2b"},
    {"core.PersistentVolumeSource",
     "gcePersistentDisk=1GCEPersistentDiskVolumeSource "
     "awsElasticBlockStore=2AWSElasticBlockStoreVolumeSource hostPath=3HostPathVolumeSource "
     "glusterfs=4GlusterfsPersistentVolumeSource nfs=5NFSVolumeSource rbd=6RBDPersistentVolumeSource "
     "iscsi=7ISCSIPersistentVolumeSource cinder=8CinderPersistentVolumeSource "
     "cephfs=9CephFSPersistentVolumeSource fc=10FCVolumeSource flocker=11FlockerVolumeSource "
     "flexVolume=12FlexPersistentVolumeSource azureFile=13AzureFilePersistentVolumeSource "
     "vsphereVolume=14VsphereVirtualDiskVolumeSource quobyte=15QuobyteVolumeSource "
     "azureDisk=16AzureDiskVolumeSource photonPersistentDisk=17PhotonPersistentDiskVolumeSource "
     "portworxVolume=18PortworxVolumeSource scaleIO=19ScaleIOPersistentVolumeSource "
     "local=20LocalVolumeSource storageos=21StorageOSPersistentVolumeSource "
     "csi=22CSIPersistentVolumeSource"},
    {"core.PersistentVolumeSpec",
     "capacity=1{}Q =2PersistentVolumeSource accessModes=3*s claimRef=4ObjectReference "
     "persistentVolumeReclaimPolicy=5s storageClassName=6s mountOptions=7*s volumeMode=8s? "
     "nodeAffinity=9VolumeNodeAffinity volumeAttributesClassName=10s?"},
    {"core.PersistentVolumeStatus",
     "phase=1s message=2s reason=3s lastPhaseTransitionTime=4T?"},
    {"core.PhotonPersistentDiskVolumeSource",
     "pdID=1s fsType=2s"},
    {"core.Pod",
     "metadata=1meta.ObjectMeta spec=2PodSpec status=3PodStatus"},
    {"core.PodAffinity",
     "requiredDuringSchedulingIgnoredDuringExecution=1*PodAffinityTerm "
     "preferredDuringSchedulingIgnoredDuringExecution=2*WeightedPodAffinityTerm"},
    {"core.PodAffinityTerm",
     "labelSelector=1meta.LabelSelector namespaces=2*s topologyKey=3s "
     "namespaceSelector=4meta.LabelSelector matchLabelKeys=5*s mismatchLabelKeys=6*s"},
    {"core.PodAntiAffinity",
     "requiredDuringSchedulingIgnoredDuringExecution=1*PodAffinityTerm "
     "preferredDuringSchedulingIgnoredDuringExecution=2*WeightedPodAffinityTerm"},
    {"core.PodCertificateProjection",
     "signerName=1s keyType=2s maxExpirationSeconds=3i? credentialBundlePath=4s keyPath=5s "
     "certificateChainPath=6s"},
    {"core.PodCondition",
     "type=1s observedGeneration=7i status=2s lastProbeTime=3T lastTransitionTime=4T reason=5s "
     "message=6s"},
    {"core.PodDNSConfig",
     "nameservers=1*s searches=2*s options=3*PodDNSConfigOption"},
    {"core.PodDNSConfigOption",
     "name=1s value=2s?"},
    {"core.PodExtendedResourceClaimStatus",
     "requestMappings=1*ContainerExtendedResourceRequest resourceClaimName=2s"},
    {"core.PodIP",
     "ip=1s"},
    {"core.PodOS",
     "name=1s"},
    {"core.PodReadinessGate",
     "conditionType=1s"},
    {"core.PodResourceClaim",
     "name=1s resourceClaimName=3s? resourceClaimTemplateName=4s?"},
    {"core.PodResourceClaimStatus",
     "name=1s resourceClaimName=2s?"},
    {"core.PodSchedulingGate",
     "name=1s"},
    {"core.PodSecurityContext",
     "seLinuxOptions=1SELinuxOptions windowsOptions=8WindowsSecurityContextOptions runAsUser=2i? "
     "runAsGroup=6i? runAsNonRoot=3b? supplementalGroups=4*i supplementalGroupsPolicy=12s? fsGroup=5i? "
     "sysctls=7*Sysctl fsGroupChangePolicy=9s? seccompProfile=10SeccompProfile "
     "appArmorProfile=11AppArmorProfile seLinuxChangePolicy=13s?"},
    {"core.PodSpec",
     "volumes=1*Volume initContainers=20*Container containers=2*Container "
     "ephemeralContainers=34*EphemeralContainer restartPolicy=3s terminationGracePeriodSeconds=4i? "
     "activeDeadlineSeconds=5i? dnsPolicy=6s nodeSelector=7{}s serviceAccountName=8s serviceAccount=9s "
     "automountServiceAccountToken=21b? nodeName=10s hostNetwork=11b hostPID=12b hostIPC=13b "
     "shareProcessNamespace=27b? securityContext=14PodSecurityContext "
     "imagePullSecrets=15*LocalObjectReference hostname=16s subdomain=17s affinity=18Affinity "
     "schedulerName=19s tolerations=22*Toleration hostAliases=23*HostAlias priorityClassName=24s "
     "priority=25i? dnsConfig=26PodDNSConfig readinessGates=28*PodReadinessGate runtimeClassName=29s? "
     "enableServiceLinks=30b? preemptionPolicy=31s? overhead=32{}Q "
     "topologySpreadConstraints=33*TopologySpreadConstraint setHostnameAsFQDN=35b? os=36PodOS "
     "hostUsers=37b? schedulingGates=38*PodSchedulingGate resourceClaims=39*PodResourceClaim "
     "resources=40ResourceRequirements hostnameOverride=41s?"},
    {"core.PodStatus",
     "observedGeneration=17i phase=1s conditions=2*PodCondition message=3s reason=4s "
     "nominatedNodeName=11s hostIP=5s hostIPs=16*HostIP podIP=6s podIPs=12*PodIP startTime=7T? "
     "initContainerStatuses=10*ContainerStatus containerStatuses=8*ContainerStatus qosClass=9s "
     "ephemeralContainerStatuses=13*ContainerStatus resize=14s "
     "resourceClaimStatuses=15*PodResourceClaimStatus "
     "extendedResourceClaimStatus=18PodExtendedResourceClaimStatus"},
    {"core.PodTemplate",
     "metadata=1meta.ObjectMeta template=2PodTemplateSpec"},
    {"core.PodTemplateSpec",
     "metadata=1meta.ObjectMeta spec=2PodSpec"},
    {"core.PortStatus",
     "port=1i protocol=2s error=3s?"},
    {"core.PortworxVolumeSource",
     "volumeID=1s fsType=2s readOnly=3b"},
    {"core.PreferredSchedulingTerm",
     "weight=1i preference=2NodeSelectorTerm"},
    {"core.Probe",
     "=1ProbeHandler initialDelaySeconds=2i timeoutSeconds=3i periodSeconds=4i successThreshold=5i "
     "failureThreshold=6i terminationGracePeriodSeconds=7i?"},
    {"core.ProbeHandler",
     "exec=1ExecAction httpGet=2HTTPGetAction tcpSocket=3TCPSocketAction grpc=4GRPCAction"},
    {"core.ProjectedVolumeSource",
     "sources=1*VolumeProjection defaultMode=2i?"},
    {"core.QuobyteVolumeSource",
     "registry=1s volume=2s readOnly=3b user=4s group=5s tenant=6s"},
    {"core.RBDPersistentVolumeSource",
     "monitors=1*s image=2s fsType=3s pool=4s user=5s keyring=6s secretRef=7SecretReference "
     "readOnly=8b"},
    {"core.RBDVolumeSource",
     "monitors=1*s image=2s fsType=3s pool=4s user=5s keyring=6s secretRef=7LocalObjectReference "
     "readOnly=8b"},
    {"core.ReplicationController",
     "metadata=1meta.ObjectMeta spec=2ReplicationControllerSpec status=3ReplicationControllerStatus"},
    {"core.ReplicationControllerCondition",
     "type=1s status=2s lastTransitionTime=3T reason=4s message=5s"},
    {"core.ReplicationControllerSpec",
     "replicas=1i? minReadySeconds=4i selector=2{}s template=3PodTemplateSpec"},
    {"core.ReplicationControllerStatus",
     "replicas=1i fullyLabeledReplicas=2i readyReplicas=4i availableReplicas=5i observedGeneration=3i "
     "conditions=6*ReplicationControllerCondition"},
    {"core.ResourceClaim",
     "name=1s request=2s"},
    {"core.ResourceFieldSelector",
     "containerName=1s resource=2s divisor=3Q"},
    {"core.ResourceHealth",
     "resourceID=1s health=2s"},
    {"core.ResourceQuota",
     "metadata=1meta.ObjectMeta spec=2ResourceQuotaSpec status=3ResourceQuotaStatus"},
    {"core.ResourceQuotaSpec",
     "hard=1{}Q scopes=2*s scopeSelector=3ScopeSelector"},
    {"core.ResourceQuotaStatus",
     "hard=1{}Q used=2{}Q"},
    {"core.ResourceRequirements",
     "limits=1{}Q requests=2{}Q claims=3*ResourceClaim"},
    {"core.ResourceStatus",
     "name=1s resources=2*ResourceHealth"},
    {"core.SELinuxOptions",
     "user=1s role=2s type=3s level=4s"},
    {"core.ScaleIOPersistentVolumeSource",
     "gateway=1s system=2s secretRef=3SecretReference sslEnabled=4b protectionDomain=5s storagePool=6s "
     "storageMode=7s volumeName=8s fsType=9s readOnly=10b"},
    {"core.ScaleIOVolumeSource",
     "gateway=1s system=2s secretRef=3LocalObjectReference sslEnabled=4b protectionDomain=5s "
     "storagePool=6s storageMode=7s volumeName=8s fsType=9s readOnly=10b"},
    {"core.ScopeSelector",
     "matchExpressions=1*ScopedResourceSelectorRequirement"},
    {"core.ScopedResourceSelectorRequirement",
     "scopeName=1s operator=2s values=3*s"},
    {"core.SeccompProfile",
     "type=1s localhostProfile=2s?"},
    {"core.Secret",
     "metadata=1meta.ObjectMeta immutable=5b? data=2{}y stringData=4{}s type=3s"},
    {"core.SecretEnvSource",
     "=1LocalObjectReference optional=2b?"},
    {"core.SecretKeySelector",
     "=1LocalObjectReference key=2s optional=3b?"},
    {"core.SecretProjection",
     "=1LocalObjectReference items=2*KeyToPath optional=4b?"},
    {"core.SecretReference",
     "name=1s namespace=2s"},
    {"core.SecretVolumeSource",
     "secretName=1s items=2*KeyToPath defaultMode=3i? optional=4b?"},
    {"core.SecurityContext",
     "capabilities=1Capabilities privileged=2b? seLinuxOptions=3SELinuxOptions "
     "windowsOptions=10WindowsSecurityContextOptions runAsUser=4i? runAsGroup=8i? runAsNonRoot=5b? "
     "readOnlyRootFilesystem=6b? allowPrivilegeEscalation=7b? procMount=9s? "
     "seccompProfile=11SeccompProfile appArmorProfile=12AppArmorProfile"},
    {"core.Service",
     "metadata=1meta.ObjectMeta spec=2ServiceSpec status=3ServiceStatus"},
    {"core.ServiceAccount",
     "metadata=1meta.ObjectMeta secrets=2*ObjectReference imagePullSecrets=3*LocalObjectReference "
     "automountServiceAccountToken=4b?"},
    {"core.ServiceAccountTokenProjection",
     "audience=1s expirationSeconds=2i? path=3s"},
    {"core.ServicePort",
     "name=1s protocol=2s appProtocol=6s? port=3i targetPort=4I nodePort=5i"},
    {"core.ServiceSpec",
     "ports=1*ServicePort selector=2{}s clusterIP=3s clusterIPs=18*s type=4s externalIPs=5*s "
     "sessionAffinity=7s loadBalancerIP=8s loadBalancerSourceRanges=9*s externalName=10s "
     "externalTrafficPolicy=11s healthCheckNodePort=12i publishNotReadyAddresses=13b "
     "sessionAffinityConfig=14SessionAffinityConfig ipFamilies=19*s ipFamilyPolicy=17s? "
     "allocateLoadBalancerNodePorts=20b? loadBalancerClass=21s? internalTrafficPolicy=22s? "
     "trafficDistribution=23s?"},
    {"core.ServiceStatus",
     "loadBalancer=1LoadBalancerStatus conditions=2*meta.Condition"},
    {"core.SessionAffinityConfig",
     "clientIP=1ClientIPConfig"},
    {"core.SleepAction",
     "seconds=1i"},
    {"core.StorageOSPersistentVolumeSource",
     "volumeName=1s volumeNamespace=2s fsType=3s readOnly=4b secretRef=5ObjectReference"},
    {"core.StorageOSVolumeSource",
     "volumeName=1s volumeNamespace=2s fsType=3s readOnly=4b secretRef=5LocalObjectReference"},
    {"core.Sysctl",
     "name=1s value=2s"},
    {"core.TCPSocketAction",
     "port=1I host=2s"},
    {"core.Taint",
     "key=1s value=2s effect=3s timeAdded=4T?"},
    {"core.Toleration",
     "key=1s operator=2s value=3s effect=4s tolerationSeconds=5i?"},
    {"core.TopologySelectorLabelRequirement",
     "key=1s values=2*s"},
    {"core.TopologySelectorTerm",
     "matchLabelExpressions=1*TopologySelectorLabelRequirement"},
    {"core.TopologySpreadConstraint",
     "maxSkew=1i topologyKey=2s whenUnsatisfiable=3s labelSelector=4meta.LabelSelector minDomains=5i? "
     "nodeAffinityPolicy=6s? nodeTaintsPolicy=7s? matchLabelKeys=8*s"},
    {"core.TypedLocalObjectReference",
     "apiGroup=1s? kind=2s name=3s"},
    {"core.TypedObjectReference",
     "apiGroup=1s? kind=2s name=3s namespace=4s?"},
    {"core.Volume",
     "name=1s =2VolumeSource"},
    {"core.VolumeDevice",
     "name=1s devicePath=2s"},
    {"core.VolumeMount",
     "name=1s readOnly=2b recursiveReadOnly=7s? mountPath=3s subPath=4s mountPropagation=5s? "
     "subPathExpr=6s"},
    {"core.VolumeMountStatus",
     "name=1s mountPath=2s readOnly=3b recursiveReadOnly=4s?"},
    {"core.VolumeNodeAffinity",
     "required=1NodeSelector"},
    {"core.VolumeProjection",
     "secret=1SecretProjection downwardAPI=2DownwardAPIProjection configMap=3ConfigMapProjection "
     "serviceAccountToken=4ServiceAccountTokenProjection "
     "clusterTrustBundle=5ClusterTrustBundleProjection podCertificate=6PodCertificateProjection"},
    {"core.VolumeResourceRequirements",
     "limits=1{}Q requests=2{}Q"},
    {"core.VolumeSource",
     "hostPath=1HostPathVolumeSource emptyDir=2EmptyDirVolumeSource "
     "gcePersistentDisk=3GCEPersistentDiskVolumeSource "
     "awsElasticBlockStore=4AWSElasticBlockStoreVolumeSource gitRepo=5GitRepoVolumeSource "
     "secret=6SecretVolumeSource nfs=7NFSVolumeSource iscsi=8ISCSIVolumeSource "
     "glusterfs=9GlusterfsVolumeSource persistentVolumeClaim=10PersistentVolumeClaimVolumeSource "
     "rbd=11RBDVolumeSource flexVolume=12FlexVolumeSource cinder=13CinderVolumeSource "
     "cephfs=14CephFSVolumeSource flocker=15FlockerVolumeSource downwardAPI=16DownwardAPIVolumeSource "
     "fc=17FCVolumeSource azureFile=18AzureFileVolumeSource configMap=19ConfigMapVolumeSource "
     "vsphereVolume=20VsphereVirtualDiskVolumeSource quobyte=21QuobyteVolumeSource "
     "azureDisk=22AzureDiskVolumeSource photonPersistentDisk=23PhotonPersistentDiskVolumeSource "
     "projected=26ProjectedVolumeSource portworxVolume=24PortworxVolumeSource "
     "scaleIO=25ScaleIOVolumeSource storageos=27StorageOSVolumeSource csi=28CSIVolumeSource "
     "ephemeral=29EphemeralVolumeSource image=30ImageVolumeSource"},
    {"core.VsphereVirtualDiskVolumeSource",
     "volumePath=1s fsType=2s storagePolicyName=3s storagePolicyID=4s"},
    {"core.WeightedPodAffinityTerm",
     "weight=1i podAffinityTerm=2PodAffinityTerm"},
    {"core.WindowsSecurityContextOptions",
     "gmsaCredentialSpecName=1s? gmsaCredentialSpec=2s? runAsUserName=3s? hostProcess=4b?"},
};
const size_t api_types_core_count = sizeof api_types_core / sizeof *api_types_core;
