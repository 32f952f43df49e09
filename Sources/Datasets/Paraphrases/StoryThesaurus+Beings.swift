extension StoryThesaurus {
  /// People, animals and other beings: the word, and what else one may call them.
  static let beings = """
    girl: young girl, lass, child, kid, youngster, little lady, daughter
    boy: lad, young boy, child, kid, youngster, young fellow, son
    child: kid, youngster, little one, young person, toddler
    kid: child, youngster, little one, young person
    baby: infant, newborn, little one, tiny child
    man: fellow, gentleman, adult, grown-up, person, stranger
    woman: lady, adult, grown-up, person
    lady: woman, adult, grown-up, elder
    person: individual, human, somebody
    people: folk, crowd, villagers, onlookers
    crowd: throng, onlooker, audience
    mother: parent, caregiver, guardian, mum
    mom: parent, mother, caregiver, guardian
    mum: parent, mother, caregiver, guardian
    mommy: parent, mother, guardian
    mama: parent, mother, guardian
    dad: parent, father, caregiver, guardian
    daddy: parent, father, guardian
    father: parent, dad, caregiver, guardian
    parent: guardian, mother, father, grown-up, caregiver
    brother: sibling, relative, boy in the family
    sister: sibling, relative, girl in the family
    twin: sibling, lookalike, identical child
    grandma: grandparent, elderly relative, grandmother
    grandmother: grandparent, elderly relative, grandma
    grandpa: grandparent, elderly relative, grandfather
    grandfather: grandparent, elderly relative, grandpa
    uncle: relative, kinsman
    aunt: relative, kinswoman
    family: household, relatives, kin, loved ones
    friend: companion, pal, buddy, playmate, chum, mate, acquaintance
    neighbour: person next door, local, resident nearby
    neighbor: person next door, local, resident nearby
    teacher: instructor, tutor, educator, mentor
    doctor: physician, medic, healer
    farmer: grower, farm worker, countryman
    fireman: firefighter, rescuer
    policeman: officer, constable
    guard: sentry, watchman, protector
    king: ruler, monarch, sovereign
    queen: ruler, monarch, royal lady
    princess: royal girl, young royal, king's daughter
    prince: royal boy, young royal, king's son
    pirate: sea robber, buccaneer
    thief: robber, crook, burglar
    sailor: seafarer, seaman, mariner
    painter: artist, creative person
    artist: painter, creative person
    fairy: tiny magical being, winged sprite, pixie
    witch: sorceress, spell caster, old woman with magic
    wizard: magician, sorcerer, spell caster
    giant: colossus, enormous person, towering being
    monster: scary creature, beast, fearsome thing
    dragon: fire-breathing beast, winged monster, mythical creature
    ghost: spirit, phantom, spook
    robot: machine, mechanical being, automaton
    clown: funny entertainer, jester
    team: group, squad, players
    animal: creature, beast, critter, living thing
    pet: tame animal, animal companion, household creature
    puppy: pup, young dog, baby canine, little hound
    dog: canine, hound, pup, four-legged friend, barking pet, furry companion
    cat: feline, kitty, furry pet, whiskered animal
    kitten: young cat, baby feline, little kitty, small furry pet
    bird: feathered creature, winged animal, feathered friend, winged singer, flyer
    chick: baby bird, fluffy hatchling
    duck: waterbird, waddling bird, web-footed bird
    chicken: hen, farmyard bird, clucking bird
    hen: farmyard bird, egg layer, clucking bird
    rooster: farmyard bird, cockerel, crowing bird
    owl: night bird, wise bird, nocturnal hunter
    parrot: talking bird, colourful bird
    eagle: bird of prey, large bird, raptor
    crow: black bird, dark-feathered bird
    swan: graceful bird, white waterbird
    goose: large waterbird, honking bird
    penguin: flightless bird, Antarctic bird
    fish: swimmer, finned creature, scaly creature, water animal, sea dweller
    shark: toothy fish, ocean predator
    whale: giant of the sea, enormous sea mammal
    dolphin: playful sea mammal, sea creature
    crab: clawed creature, shellfish, pinching sea animal
    octopus: eight-armed creature, sea creature with many arms
    turtle: shelled animal, slow reptile, creature with a shell
    tortoise: shelled animal, slow reptile
    frog: amphibian, green hopper, pond dweller, croaking animal
    toad: amphibian, warty hopper
    snake: serpent, slithering reptile, legless creature
    lizard: small reptile, scaly creature
    crocodile: large reptile, toothy reptile
    alligator: large reptile, toothy reptile
    dinosaur: ancient reptile, prehistoric beast
    rabbit: bunny, long-eared animal, hopping animal, floppy-eared creature
    bunny: rabbit, long-eared animal, hopping animal, floppy-eared creature
    mouse: rodent, small rodent, squeaking creature, whiskered creature
    rat: rodent, long-tailed creature
    squirrel: bushy-tailed animal, nut gatherer, tree rodent
    hedgehog: prickly animal, spiny creature
    fox: bushy-tailed animal, sly creature, red-furred animal, cunning animal
    wolf: wild canine, howling beast, predator
    bear: furry beast, large woodland animal, shaggy creature, honey lover
    lion: maned beast, big cat, king of the jungle, wild feline
    tiger: striped beast, big cat, wild feline
    elephant: giant with a trunk, huge grey animal, trunked beast
    monkey: primate, tree-swinging animal, ape, banana eater
    giraffe: long-necked animal, tall animal
    zebra: striped animal, horse-like creature
    hippo: huge river animal, large beast
    deer: antlered animal, graceful woodland creature
    horse: steed, pony, hoofed animal, mount
    pony: small horse, steed, hoofed animal
    donkey: long-eared farm animal, beast of burden
    cow: farm animal, milk giver, cattle
    bull: horned animal, male cow
    pig: farm animal, hog, oinking animal
    sheep: woolly animal, farm animal, fleecy creature
    lamb: baby sheep, woolly young animal
    goat: horned farm animal, bearded animal
    bug: insect, tiny creature, crawling thing, minuscule creature
    insect: bug, tiny creature, six-legged creature
    ant: tiny insect, six-legged worker, little crawler
    bee: buzzing insect, honey maker, nectar seeker, striped insect
    butterfly: winged insect, fluttering insect, colourful flyer
    caterpillar: crawling larva, leaf eater
    ladybug: spotted insect, spotted beetle
    spider: eight-legged creature, web spinner
    worm: wriggling digger, wriggly creature, legless crawler
    snail: slow crawler, slimy creature with a shell
    creature: being, animal, beast, critter
    dove: gentle bird, white bird
    """
}
