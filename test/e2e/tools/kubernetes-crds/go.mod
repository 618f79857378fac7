module github.com/tidemark/kubernetes-crds

go 1.22

require (
	github.com/argoproj/argo-rollouts v1.7.2
	github.com/kserve/kserve v0.14.1
	sigs.k8s.io/gateway-api v1.2.1
)
