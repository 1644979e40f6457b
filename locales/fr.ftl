# Tous les mots de l’interface en français. Ce qu’écrivent les rédacteurs se trouve dans content/.
#
# Les nombres arrivent déjà groupés, avec les chiffres de la langue. PLURAL($n) est la catégorie de pluriel d’un nombre : one, many, other.
# Une espace insécable (U+00A0) précède : ; ? ! % » et suit «.

# Cette langue, dans ses propres mots.
language-name = Français
languages = Langues

site-name = Pavise
home-title = Notre Internet, notre avenir
shield-alt = illustration d’une icône de bouclier
skip-to-content = Aller au contenu
loading = Chargement…
offline = Vous êtes hors ligne. Cette page reste affichée ; la suivante n’a pas pu être chargée.
try-again = Réessayer
nav = Menu principal
nav-home = Accueil
nav-posts = Articles
nav-topics = Thèmes
nav-plan = Plan d’action
nav-more = Autres pages du site
footer-about = Pavise publie le travail de ceux qui gardent l’Internet ouvert, sûr et accessible à tous.
feed = Flux
back-to-top = Haut de page

theme = Couleurs de ce site
theme-light = Clair
theme-dark = Sombre
theme-system = Comme mon appareil

latest-posts = Derniers articles
all-posts = Tous les articles
no-posts-yet = Aucun article n’a encore été publié.
read-plan = Lire le { $title }

# Les deux nombres apparaissent aussi sous la forme {"{count}"} et {"{total}"}, que le navigateur remplit pendant la saisie.
filter-posts = Filtrer ces articles
filter-submit = Afficher
filter-some = Articles affichés : { $count } sur { $total }
filter-none = Aucun article ne contient tous ces mots. Essayez avec moins de mots, ou avec une partie d’un mot.
filter-areas = Domaine
all-areas = Tous les domaines
areas-some = Domaines affichés : { $count } sur { $total }

# Listes d’articles.
posts-title = Articles
posts-summary = Tout ce que nous avons publié, du plus récent au plus ancien.
posts-of-year = Articles parus en { $year }
posts-of-month = Articles parus en { $month }
posts-narrow = Affiner la liste
filter-topic = Thème
all-topics = Tous les thèmes
filter-year = Année
all-years = Toutes les années
months = Mois
no-posts-here = Aucun article ne correspond à ce choix.
pages-of-posts = Pages d’articles
newer-posts = Articles plus récents
older-posts = Articles plus anciens
# Annoncé par un lecteur d’écran quand des articles plus anciens ont été ajoutés en dessous.
posts-added = Articles ajoutés : { $count }

topics-title = Thèmes
topics-summary = Ce sur quoi nous travaillons, et tout ce que nous avons publié à ce sujet.
authors-title = Auteurs
authors-summary = Les pôles qui écrivent pour ce site.
feeds-of = Flux de « { $title } »

# Un article.
by = Par
published = Publié le
updated = Mis à jour le
topics-of-post = Thèmes
reading-time =
    { PLURAL($minutes) ->
        [one] { $minutes } minute de lecture
       *[other] { $minutes } minutes de lecture
    }
in-this-post = Dans cet article
footnote-back = Retour à l’appel de note
table = Tableau
related-posts = Articles liés
neighbouring-posts = Articles voisins
newer-post = Plus récent
older-post = Plus ancien
share = Partager
share-link = Lien vers cette page
share-copy = Copier le lien
share-copied = Le lien est copié.
share-not-copied = Le lien n’a pas pu être copié. Le voici : { $link }
share-mail = Envoyer par e-mail
share-sheet = Partager avec…
as-text = Cette page en texte brut
printed-from = Imprimé depuis { $address }

# Traductions. Chaque avis est suivi d’un lien dont le texte est le dernier message.
not-translated = Ce texte n’est pas encore traduit en français. L’original figure ci-dessous.
stale-translation = L’original a changé depuis que cette traduction a été faite.
read-original = Lire l’original ({ $language })

# Search. The number of suggestions also appears as {"{count}"}, which the browser fills in.
search-title = Recherche
search-of = Recherche : { $query }
search-label = Que cherchez-vous ?
search-submit = Chercher
search-hint = Cherchez dans tout ce que nous avons publié. Les mots entre guillemets sont cherchés tels quels.
search-narrow = Préciser la recherche
search-count =
    { PLURAL($count) ->
        [one] { $count } résultat
       *[other] { $count } résultats
    }
search-range = Résultats { $from } à { $to }
search-meant = Rien ne contient « { $query } ». Voici les résultats pour
search-partly = Rien ne contient tous ces mots. Ces résultats en contiennent une partie.
search-none = Rien n’a été trouvé pour « { $query } ».
search-advice = Essayez moins de mots, d’autres mots ou seulement le début d’un mot. Ou parcourez nos thèmes :
search-everywhere = Le chercher partout
search-incomplete = Il y en a peut-être d’autres : tout n’a pas pu être parcouru pour le moment.
suggestions = Suggestions
suggestions-some = Suggestions : { $count }. Les flèches du clavier en choisissent une.
filter-author = Auteur
all-authors = Tous les auteurs
filter-language = Langue
all-languages = Toutes les langues
found-page = Page
pages-of-results = Pages de résultats
results-before = Meilleurs résultats
results-after = Plus de résultats

plans-title = Plan d’action
plans-summary = Ce à quoi nous nous engageons chaque année pour un Internet ouvert à tous, et où nous en sommes.
no-plan-yet = Aucun plan n’a encore été publié.
plan-commitments =
    { PLURAL($count) ->
        [one] { $count } engagement
       *[other] { $count } engagements
    }
# En français, l’accord se fait avec le nombre d’engagements tenus.
plan-reached =
    { PLURAL($reached) ->
        [one] { $reached } engagement tenu sur { $total }
       *[other] { $reached } engagements tenus sur { $total }
    }
plan-percent = { $percent } % du chemin parcouru
target = Objectif : { $target }
target-from = Objectif : { $target }, contre { $baseline } au départ
target-reached = Objectif de { $target } atteint
as-of = Relevé le
evidence = À l’appui :
link-to-commitment = Lien vers cet engagement : { $title }
history = Ses valeurs au fil du temps
history-day = Jour
history-value = Valeur
reported-in = Traité dans

breadcrumbs = Vous êtes ici

not-found-title = Il n’y a pas de page ici
not-found = L’adresse est peut-être mal saisie, ou la page a été déplacée.
gone-title = Cette page a été retirée
gone = Elle se trouvait ici autrefois et a été retirée volontairement.
bad-request-title = Impossible de répondre à cette demande
bad-request = Quelque chose dans l’adresse ou le formulaire n’est pas tel que cette page l’attend. Revenez en arrière et réessayez.
unavailable-title = Impossible d’afficher cette page pour le moment
unavailable = Le site est très sollicité ou en cours de maintenance. Veuillez réessayer dans une minute.
too-many-title = Trop de demandes viennent de votre réseau
too-many = Patientez un instant, puis revenez en arrière et réessayez.
internal-title = Un problème est survenu de notre côté
internal = Il a été consigné et vous n’y êtes pour rien. Veuillez réessayer dans quelque temps.
way-home = Aller à la page d’accueil
way-plan = Lire le plan d’action

# La lecture hors ligne. Ce qui est entre accolades est rempli par le navigateur : {"{date}"}, {"{size}"}, {"{count}"}.
offline-title = Lecture hors ligne
offline-summary = Ce que ce navigateur conserve pour pouvoir être lu sans réseau.
offline-none = Rien ne peut encore être affiché ici. Un navigateur avec JavaScript conserve chaque page que vous ouvrez et la montre ici à votre prochaine visite.
offline-off = Ce site ne conserve pas de pages dans les navigateurs pour le moment.
save = Enregistrer hors ligne
save-under-way = Enregistrement …
told-saved = Enregistré. Vous le trouverez sous « Lecture hors ligne ».
told-removed = Supprimé de cet appareil.
told-packed = Les derniers articles sont maintenant ici.
told-full = Il n’y a pas assez de place sur cet appareil. Supprimez quelque chose ci-dessous ou libérez de la place, puis réessayez.
told-failed = Cela n’a pas fonctionné : le réseau est inaccessible. Ce qui était ici y est toujours.
missing-title = Cette page n’est pas conservée ici
missing = Le réseau est inaccessible, et vous n’avez encore ni enregistré ni ouvert cette page. Voici ce qui est disponible.
copy-of = Vous lisez la copie du { $date } : le réseau est inaccessible.
packed-copy = Vous lisez le texte tel qu’il était le { $date }, sans ses images : le réseau est inaccessible.
pack-title = Les derniers articles en texte
pack-none = Les 20 derniers articles sans images : 300 ko au plus.
pack-get = Obtenir les derniers articles
pack-has = Articles : { $count } · { $size } · { $date }
pack-update = Obtenir les nouveautés
pack-remove = Supprimer ces articles
saved-title = Enregistré
none-saved = Rien n’est enregistré. Un bouton le permet à la fin de chaque article et de chaque plan.
visited-title = De vos visites
none-visited = Aucune page n’a encore été conservée.
kept-size = Le tout occupe { $size }.
remove = Supprimer
remove-all = Tout supprimer
search-kept = Rechercher sur le site ou, sans réseau, dans ce qui est conservé ici
search-here = Le réseau est inaccessible. La recherche porte sur ce qui est conservé sur cet appareil.
found-here = Ce qui a été trouvé ici, le meilleur en premier.
found-part-here = Rien ici ne contient tous ces mots. Voici ce qui en contient une partie.
found-none-here = Rien de ce qui est conservé ici ne contient ces mots.
search-all-here = Votre choix de thème, d’auteur, d’année, de langue ou de page ne vaut pas ici : la recherche a porté sur tout ce qui est conservé.
no-search-here = Ce qui est conservé ici ne peut pas encore être recherché : la recherche arrive avec la première page enregistrée.

# Peu de données. La taille d’une image est { $size }.
data-little = Consommer peu de données
data-is-little = Ce site consomme peu de données : les images attendent un appui et aucune police n’est chargée.
data-full = Tout afficher à nouveau
picture-later = Afficher l’image
picture-of-size = Afficher l’image, { $size } au plus
kilobytes = { $size } ko

# Messages
write-title = Écrivez-nous
write-summary = Ce que vous envoyez est conservé sur le serveur de ce site et lu par les personnes qui l’exploitent. Une adresse n’est utile que si vous voulez une réponse.
write-privacy = Ce qui est conservé, et combien de temps
write-text = Votre message
write-reply = Votre adresse e-mail, si vous voulez une réponse (facultatif)
write-about = L’adresse de la page dont vous parlez (facultatif)
write-trap = Laissez ce champ vide
write-send = Envoyer
write-wrong = Votre message n’a pas été envoyé. Ce qu’il faut changer est indiqué ci-dessous ; tout ce que vous avez écrit est encore là.
write-empty = Écrivez ce que vous voulez dire.
write-long = C’est trop long : la limite est de { $most } caractères.
write-no-address = Ce n’est pas une adresse e-mail. Corrigez-la ou laissez le champ vide.
write-trapped = Ce champ est là pour les programmes qui remplissent tout. Videz-le et envoyez de nouveau le message.
write-failed = Votre message n’a pas pu être enregistré à l’instant. Il est encore là : envoyez-le de nouveau dans une minute, s’il vous plaît.
write-full = Il n’y a plus de place pour d’autres messages en ce moment. Le vôtre est encore là : copiez-le et envoyez-le par e-mail, s’il vous plaît.
sent-title = Votre message est arrivé
sent = Merci. Il est enregistré, et les personnes qui exploitent ce site le liront.

# Messages qui attendent dans le navigateur.
waiting-title = En attente d’envoi
waiting = Le réseau était inaccessible. Ces messages partent d’eux-mêmes quand vous revenez ici avec un réseau.
told-queued = Votre message est gardé sur cet appareil et part dès que le réseau revient.
told-sent = Votre message a été envoyé.
waiting-refused = Le site n’a pas accepté ce message. Envoyez-le de nouveau pour voir pourquoi.
send-now = Envoyer maintenant
